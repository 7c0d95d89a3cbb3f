package dev.concert.gateway.link;

import dev.concert.error.Problem;
import dev.concert.foundation.http.SseResponse;
import dev.concert.gateway.connection.Backlog;
import dev.concert.gateway.eventlog.EventSubscriber;
import dev.concert.gateway.eventlog.SessionDatabases;
import dev.concert.gateway.projection.EventProjection;
import dev.concert.gateway.session.Session;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * An open page of a link: gets the messages of the conversation, then what is added. Events come on
 * the session's context and are written on the request's; a reader that is too slow is cut off.
 */
final class SharedView implements EventSubscriber {
  private static final int PAGE = 500;

  private final Context context;
  private final HttpServerResponse response;
  private final SseResponse stream;
  private final Session session;
  private final SessionDatabases databases;
  private final Backlog backlog = new Backlog();
  private volatile boolean closed;

  /**
   * @param context of the request
   */
  SharedView(
      Context context, HttpServerResponse response, Session session, SessionDatabases databases) {
    this.context = context;
    this.response = response;
    this.session = session;
    this.databases = databases;
    this.stream =
        new SseResponse(
            context.owner(), response, SseResponse.MEDIA_TYPE, SseResponse.DEFAULT_HEARTBEAT);
  }

  /** Sends what is there, then what comes. Any thread. */
  void begin() {
    write(SharedProjection.opening(session.meta().name()));
    session.on(
        () ->
            session
                .log()
                .settle()
                .compose(_ -> replay(0, session.log().lastSeq()))
                .onSuccess(last -> follow(last))
                .onFailure(_ -> linkEnded()));
  }

  private void follow(long last) {
    if (!closed) {
      session.log().subscribe(this, last);
    }
  }

  /**
   * The messages that are part of the conversation; the number of the last event that they tell.
   */
  private Future<Long> replay(long afterSeq, long upTo) {
    return databases
        .with(session.id(), store -> store.messagesBetween(afterSeq, upTo, PAGE))
        .compose(
            page -> {
              if (page.isEmpty()) {
                return Future.succeededFuture(upTo);
              }
              send(page);
              return backlog.writable().compose(_ -> replay(page.getLast().seq(), upTo));
            });
  }

  private void send(List<SessionEvent> page) {
    page.forEach(message -> SharedProjection.SHARED.project(message).ifPresent(this::write));
  }

  @Override
  public EventProjection projection() {
    return SharedProjection.SHARED;
  }

  @Override
  public void event(SessionEvent event, String shown) {
    write(shown);
  }

  private void write(String json) {
    if (closed) {
      return;
    }
    if (!backlog.add(json.length())) {
      close();
      context.runOnContext(_ -> response.reset());
      return;
    }
    context.runOnContext(
        _ -> stream.write(frame(json)).onComplete(_ -> backlog.sent(json.length())));
  }

  private static Buffer frame(String json) {
    return Buffer.buffer("data: " + json + "\n\n");
  }

  @Override
  public Future<Void> writable() {
    return backlog.writable();
  }

  @Override
  public void failed(Problem problem) {
    linkEnded();
  }

  @Override
  public void sessionDeleted() {
    linkEnded();
  }

  /** The page has to show nothing any more. Any thread. */
  void linkEnded() {
    if (!closed) {
      close();
      context.runOnContext(_ -> stream.end(frame(SharedProjection.ended())));
    }
  }

  private void close() {
    closed = true;
    backlog.close();
  }

  /** The response is over. On the request's context. */
  void responseEnded() {
    close();
    stream.stop();
    session.on(() -> session.log().unsubscribe(this));
  }

  @Override
  public boolean closed() {
    return closed;
  }
}
