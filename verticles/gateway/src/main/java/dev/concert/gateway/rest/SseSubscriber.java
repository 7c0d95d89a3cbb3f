package dev.concert.gateway.rest;

import dev.concert.error.Problem;
import dev.concert.foundation.http.SseResponse;
import dev.concert.gateway.connection.Backlog;
import dev.concert.gateway.eventlog.EventSubscriber;
import dev.concert.gateway.projection.EventProjection;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerProtocol;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the events of one session to one HTTP response, each with its number as its id.
 *
 * <p>A client that reads too slowly is cut off in the middle of the stream, so that it comes back
 * with {@code Last-Event-ID} and misses nothing. Events come on the session's context and are
 * written on the request's.
 */
final class SseSubscriber implements EventSubscriber {
  private static final Logger LOG = LoggerFactory.getLogger(SseSubscriber.class);

  /** A client that was cut off comes back after a second. It also makes the response start. */
  private static final Buffer OPENING = Buffer.buffer("retry: 1000\n\n");

  private final Context context;
  private final HttpServerResponse response;
  private final SseResponse stream;
  private final EventProjection projection;
  private final Optional<String> turnId;
  private final Backlog backlog = new Backlog();
  private volatile boolean closed;

  /**
   * @param context of the request
   * @param turnId the stream ends with this turn; empty for a stream that goes on
   */
  SseSubscriber(
      Context context,
      HttpServerResponse response,
      EventProjection projection,
      Optional<String> turnId) {
    this.context = context;
    this.response = response;
    this.stream =
        new SseResponse(
            context.owner(), response, SseResponse.MEDIA_TYPE, SseResponse.DEFAULT_HEARTBEAT);
    this.projection = projection;
    this.turnId = turnId;
  }

  /** Sends the head of the response. On the request's context. */
  void open() {
    stream.write(OPENING);
  }

  @Override
  public EventProjection projection() {
    return projection;
  }

  @Override
  public void event(SessionEvent event, String shown) {
    if (closed) {
      return;
    }
    if (!backlog.add(shown.length())) {
      LOG.info("A stream of session {} is read too slowly and is cut off", event.sessionId());
      close();
      context.runOnContext(_ -> response.reset());
      return;
    }
    Buffer frame = SseResponse.bytes(typeOf(event), event.seq(), Buffer.buffer(shown));
    if (isEnd(event)) {
      end(frame);
    } else {
      context.runOnContext(_ -> stream.write(frame).onComplete(_ -> backlog.sent(shown.length())));
    }
  }

  private static String typeOf(SessionEvent event) {
    return ServerProtocol.row(event.event()).type();
  }

  private boolean isEnd(SessionEvent event) {
    return turnId.isPresent() && turnId.get().equals(event.turnId()) && isEndOfTurn(event.event());
  }

  static boolean isEndOfTurn(ServerEvent event) {
    return event instanceof ServerEvent.TurnComplete || event instanceof ServerEvent.TurnError;
  }

  @Override
  public Future<Void> writable() {
    return backlog.writable();
  }

  @Override
  public void failed(Problem problem) {
    end(named("error", new ServerEvent.Error(problem.code().name(), problem.forPerson(), null)));
  }

  @Override
  public void sessionDeleted() {
    end(Buffer.buffer());
  }

  /** The last event, which is none of the session. */
  private static Buffer named(String type, ServerEvent event) {
    return Buffer.buffer("event: %s\ndata: %s\n\n".formatted(type, EventCodec.encode(event, null)));
  }

  /** Ends the response with this. Any thread. */
  void end(Buffer last) {
    if (!closed) {
      close();
      context.runOnContext(_ -> stream.end(last));
    }
  }

  /** Nothing is written any more. Any thread. */
  void close() {
    closed = true;
    backlog.close();
  }

  /** The response is over. On the request's context. */
  void responseEnded() {
    close();
    stream.stop();
  }

  @Override
  public boolean closed() {
    return closed;
  }
}
