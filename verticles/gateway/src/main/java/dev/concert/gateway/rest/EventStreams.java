package dev.concert.gateway.rest;

import dev.concert.contract.ApiOperation;
import dev.concert.contract.ContractTable;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.http.SseResponse;
import dev.concert.gateway.auth.AccessWatch;
import dev.concert.gateway.auth.Authentication;
import dev.concert.gateway.projection.EventProjection;
import dev.concert.gateway.session.Session;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Opens streams of server-sent events. Used on the request's context. */
public final class EventStreams {
  private static final String LAST_EVENT = "Last-Event-ID";
  private static final int PAGE = 500;

  private final Vertx vertx;
  private final AccessWatch access;
  private final OpenEventStreams streams;

  public EventStreams(Vertx vertx, AccessWatch access, OpenEventStreams streams) {
    this.vertx = vertx;
    this.access = access;
    this.streams = streams;
  }

  /** Whether the caller wants the events of this operation as a stream. */
  public static boolean isWanted(ApiOperation<?, ?> operation, RoutingContext request) {
    return ContractTable.hasEventStream(operation)
        && request.request().method() != HttpMethod.HEAD
        && request.parsedHeaders().accept().stream()
            .anyMatch(one -> one.value().equalsIgnoreCase(SseResponse.MEDIA_TYPE));
  }

  /**
   * Refuses a {@code Last-Event-ID} that is no number, and to go on with a turn that the caller did
   * not name: a new one would start.
   *
   * @throws ConcertException {@code INVALID_MESSAGE}
   */
  public static void check(
      ApiOperation<?, ?> operation, ClientMessage message, RoutingContext request) {
    if (ContractTable.hasEventStream(operation)
        && lastEventId(request).isPresent()
        && isWanted(operation, request)
        && message instanceof ClientMessage.RunTurn turn
        && turn.clientTurnId() == null) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE,
          "The message is invalid: '%s' needs 'clientTurnId', which names the turn to go on with."
              .formatted(LAST_EVENT));
    }
  }

  /**
   * The number of the last event that the caller has.
   *
   * @throws ConcertException {@code INVALID_MESSAGE} for what is no number
   */
  public static OptionalLong lastEventId(RoutingContext request) {
    String id = request.request().getHeader(LAST_EVENT);
    if (id == null || id.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      if (id.matches("\\d+")) {
        return OptionalLong.of(Long.parseLong(id));
      }
    } catch (NumberFormatException tooLarge) {
      // Refused like any other text that is no number.
    }
    throw new ConcertException(
        ErrorCode.INVALID_MESSAGE,
        "The message is invalid: '" + LAST_EVENT + "' must be the number of an event.");
  }

  /**
   * Streams the events of a session until the client goes or may no longer read them.
   *
   * @param afterSeq number of the last event that the caller has
   * @param shown the caller's credential, with which the stream ends
   */
  public void ofSession(
      RoutingContext request,
      Session session,
      EventProjection protocol,
      long afterSeq,
      Authentication shown) {
    open(request, session, protocol, afterSeq, Optional.empty(), shown);
  }

  /**
   * Streams the events of a turn from its start on, or after {@code Last-Event-ID}, to its end. A
   * caller that has them all gets 204, which ends the retries of an {@code EventSource}.
   */
  public void ofTurn(
      RoutingContext request,
      Session session,
      EventProjection protocol,
      SessionEvent started,
      Authentication shown) {
    long before = started.seq() - 1;
    long afterSeq = Math.max(before, lastEventId(request).orElse(before));
    Context context = vertx.getOrCreateContext();
    Promise<Boolean> over = Promise.promise();
    session.on(() -> isOver(session, started, before, afterSeq).onComplete(over));
    over.future()
        .onFailure(failure -> context.runOnContext(_ -> request.fail(failure)))
        .onSuccess(
            hasAll ->
                context.runOnContext(
                    _ -> {
                      if (hasAll) {
                        request.response().setStatusCode(204).end();
                      } else {
                        request.response().setStatusCode(200);
                        Optional<String> turn = Optional.of(started.turnId());
                        open(request, session, protocol, afterSeq, turn, shown);
                      }
                    }));
  }

  /** Whether the end of the turn is among the events that the caller has. */
  private static Future<Boolean> isOver(
      Session session, SessionEvent started, long readSeq, long afterSeq) {
    if (readSeq >= afterSeq) {
      return Future.succeededFuture(false);
    }
    return session
        .log()
        .read(readSeq, PAGE)
        .compose(
            page -> {
              if (hasEnd(page, started.turnId(), afterSeq)) {
                return Future.succeededFuture(true);
              }
              return page.isEmpty()
                  ? Future.succeededFuture(false)
                  : isOver(session, started, page.getLast().seq(), afterSeq);
            });
  }

  private static boolean hasEnd(List<SessionEvent> page, String turnId, long afterSeq) {
    return page.stream()
        .anyMatch(
            event ->
                event.seq() <= afterSeq
                    && turnId.equals(event.turnId())
                    && SseSubscriber.isEndOfTurn(event.event()));
  }

  private void open(
      RoutingContext request,
      Session session,
      EventProjection protocol,
      long afterSeq,
      Optional<String> turnId,
      Authentication shown) {
    if (request.response().closed() || request.response().ended()) {
      // Whoever went while the session was opened ends no stream any more: none must begin.
      return;
    }
    SseSubscriber subscriber =
        new SseSubscriber(vertx.getOrCreateContext(), request.response(), protocol, turnId);
    Optional<Long> timer =
        shown
            .expiresAt()
            .map(end -> vertx.setTimer(millisTo(end), _ -> subscriber.end(Buffer.buffer())));
    Runnable unwatch = access.watch(shown, () -> subscriber.end(Buffer.buffer()));
    Runnable closed =
        streams.add(shown.identity(), session.id(), () -> subscriber.end(Buffer.buffer()));
    request.addEndHandler(
        _ -> {
          unwatch.run();
          closed.run();
          timer.ifPresent(vertx::cancelTimer);
          subscriber.responseEnded();
          session.on(() -> session.log().unsubscribe(subscriber));
        });
    subscriber.open();
    session.on(
        () -> {
          if (!subscriber.closed()) {
            session.log().subscribe(subscriber, afterSeq);
          }
        });
  }

  private static long millisTo(Instant end) {
    return Math.max(1, end.toEpochMilli() - System.currentTimeMillis());
  }
}
