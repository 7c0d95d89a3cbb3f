package dev.concert.gateway.http;

import dev.concert.contract.ApiOperation;
import dev.concert.contract.HttpRoute;
import dev.concert.error.ConcertException;
import dev.concert.gateway.auth.Authentication;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Dispatcher;
import dev.concert.gateway.dispatch.Requester;
import dev.concert.gateway.idempotency.IdempotencyKeys;
import dev.concert.gateway.idempotency.StoredReply;
import dev.concert.gateway.projection.EventProjection;
import dev.concert.gateway.rest.EventStreams;
import dev.concert.gateway.session.Session;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Answers a request for an operation, whose caller was admitted and whose body has come: reads it,
 * has it dispatched, once where it has an idempotency key, and sends the reply or a stream.
 */
final class ApiResponder {
  private static final String CREDENTIAL = "concert.credential";

  private final Vertx vertx;
  private final IdempotencyKeys keys;
  private final Supplier<Dispatcher> dispatcher;
  private final Supplier<SessionDirectory> sessions;
  private final EventStreams streams;

  ApiResponder(
      Vertx vertx,
      IdempotencyKeys keys,
      EventStreams streams,
      Supplier<Dispatcher> dispatcher,
      Supplier<SessionDirectory> sessions) {
    this.vertx = vertx;
    this.keys = keys;
    this.dispatcher = dispatcher;
    this.sessions = sessions;
    this.streams = streams;
  }

  /** The caller was admitted with this. */
  static void remember(RoutingContext request, Authentication credential) {
    request.put(CREDENTIAL, credential);
  }

  static Identity who(RoutingContext request) {
    return credential(request).identity();
  }

  private static Authentication credential(RoutingContext request) {
    return caller(request).orElseThrow();
  }

  /** Empty for a request that carries a token of its own. */
  private static Optional<Authentication> caller(RoutingContext request) {
    return Optional.ofNullable(request.get(CREDENTIAL));
  }

  <Q extends ClientMessage, R> void answer(ApiOperation<Q, R> operation, RoutingContext request) {
    Q message;
    EventProjection protocol;
    Optional<String> key;
    try {
      key = IdempotencyHeader.read(operation, request);
      message = named(operation, HttpRequestReader.read(operation, request), request, key);
      protocol = HttpRequestReader.protocol(request);
      EventStreams.check(operation, message, request);
    } catch (ConcertException refusal) {
      ProblemResponse.send(request, refusal);
      return;
    }
    if (message instanceof ClientMessage.GetEvents wanted
        && EventStreams.isWanted(operation, request)) {
      onSession(
          request,
          wanted.sessionId(),
          session ->
              streams.ofSession(
                  request, session, protocol, wanted.afterSeq(), credential(request)));
      return;
    }
    ApiRequest<Q> asked = new ApiRequest<>(requester(request, protocol), operation, message);
    Context context = vertx.getOrCreateContext();
    reply(operation, request, key, () -> dispatcher.get().dispatch(operation, asked))
        .onComplete(
            result -> context.runOnContext(_ -> send(operation, request, asked, protocol, result)));
  }

  /** A turn is named after its idempotency key where the caller did not name it. */
  private static <Q extends ClientMessage> Q named(
      ApiOperation<Q, ?> operation, Q message, RoutingContext request, Optional<String> key) {
    return key.isPresent() && message instanceof ClientMessage.RunTurn turn
        ? operation
            .request()
            .cast(turn.orNamed(IdempotencyHeader.turnName(who(request), key.get())))
        : message;
  }

  private static Requester requester(RoutingContext request, EventProjection protocol) {
    return new Requester(
        caller(request).map(Authentication::identity),
        Optional.of(RequestId.of(request)),
        Optional.empty(),
        protocol,
        Optional.ofNullable(request.request().getHeader("If-Match")));
  }

  private Future<?> reply(
      ApiOperation<?, ?> operation,
      RoutingContext request,
      Optional<String> key,
      Supplier<? extends Future<?>> work) {
    int status = status(operation);
    return key.isEmpty() || caller(request).isEmpty()
        ? work.get()
        : IdempotencyHeader.keyed(vertx, operation, request, who(request), key.get())
            .compose(
                keyed ->
                    keys.once(
                        keyed, () -> work.get().map(reply -> HttpReply.encode(status, reply))));
  }

  private static int status(ApiOperation<?, ?> operation) {
    return operation.http().map(HttpRoute::status).orElseThrow();
  }

  private void onSession(RoutingContext request, String sessionId, Consumer<Session> work) {
    Context context = vertx.getOrCreateContext();
    sessions
        .get()
        .find(who(request), sessionId, Permission.THREADS_READ)
        .onFailure(failure -> context.runOnContext(_ -> ProblemResponse.send(request, failure)))
        .onSuccess(session -> context.runOnContext(_ -> work.accept(session)));
  }

  private void send(
      ApiOperation<?, ?> operation,
      RoutingContext request,
      ApiRequest<?> asked,
      EventProjection protocol,
      AsyncResult<?> result) {
    if (result.failed()) {
      ProblemResponse.send(request, result.cause());
      return;
    }
    if (EventStreams.isWanted(operation, request)) {
      SessionEvent started = started(result.result());
      onSession(
          request,
          started.sessionId(),
          session -> streams.ofTurn(request, session, protocol, started, credential(request)));
    } else {
      sendReply(request, status(operation), result.result());
    }
    asked.replied();
  }

  private static void sendReply(RoutingContext request, int status, Object reply) {
    try {
      HttpReply.send(request, status, reply);
    } catch (IllegalStateException unencodable) {
      ProblemResponse.send(request, unencodable);
    }
  }

  /** The start of a turn whose events are wanted. */
  private static SessionEvent started(Object reply) {
    return switch (reply) {
      case SessionEvent event -> event;
      case StoredReply stored -> EventCodec.decodeSessionEvent(stored.body().toString());
      default -> throw new IllegalStateException("No event stream begins with this reply");
    };
  }
}
