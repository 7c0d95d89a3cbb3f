package dev.concert.gateway.dispatch;

import dev.concert.gateway.rest.EntityTag;
import dev.concert.gateway.session.Session;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.protocol.ClientMessage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Function;

/**
 * Brings requests about a session to it: finds it for a caller who may do that in it, then works
 * there.
 */
public record SessionScope(SessionDirectory directory) {

  /** Answers a request about a session. */
  @FunctionalInterface
  public interface Work<Q extends ClientMessage, R> {
    Future<R> of(Session session, ApiRequest<Q> request);
  }

  /** A handler that works on the session's context. */
  public <Q extends ClientMessage.ForSession, R> OperationHandler<Q, R> onSession(Work<Q, R> work) {
    return request -> {
      // Completed on the session's context: a reply is then known before its event is shown.
      Promise<R> reply = Promise.promise();
      afterThisCall(
          () ->
              find(request, request.message().sessionId())
                  .onSuccess(
                      session -> session.on(() -> work(work, session, request).onComplete(reply)))
                  .onFailure(reply::fail));
      return reply.future();
    };
  }

  /**
   * Runs this when the caller has returned to its event loop and so waits for the reply. Otherwise
   * a session on another thread can complete the reply first, and show its event before the reply.
   */
  private static void afterThisCall(Runnable work) {
    Optional.ofNullable(Vertx.currentContext())
        .ifPresentOrElse(caller -> caller.runOnContext(_ -> work.run()), work);
  }

  /** A handler that works on the caller's context, beside the session. */
  public <Q extends ClientMessage.ForSession, R> OperationHandler<Q, R> besideSession(
      Work<Q, R> work) {
    return besideSession(ClientMessage.ForSession::sessionId, work);
  }

  /**
   * A handler that works on the caller's context, beside the session.
   *
   * @param sessionId of a request
   */
  public <Q extends ClientMessage, R> OperationHandler<Q, R> besideSession(
      Function<? super Q, String> sessionId, Work<Q, R> work) {
    return request ->
        find(request, sessionId.apply(request.message()))
            .compose(session -> work.of(session, request));
  }

  private Future<Session> find(ApiRequest<?> request, String sessionId) {
    return directory.find(request.who(), sessionId, request.needed());
  }

  private static <Q extends ClientMessage, R> Future<R> work(
      Work<Q, R> work, Session session, ApiRequest<Q> request) {
    try {
      session.requirePresent();
      request.verifyVersion(() -> EntityTag.of(session.meta()));
      return work.of(session, request);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }
}
