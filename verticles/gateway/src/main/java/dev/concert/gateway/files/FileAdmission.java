package dev.concert.gateway.files;

import dev.concert.gateway.auth.HttpIdentity;
import dev.concert.gateway.http.ProblemReply;
import dev.concert.gateway.session.Session;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.protocol.Permission;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;
import java.util.function.Supplier;

/** Lets those through to a session's files who may, before a body is read. */
final class FileAdmission {
  private static final String SESSION = "concert.session";

  private final HttpIdentity identity;
  private final Supplier<SessionDirectory> directory;
  private final Function<RoutingContext, String> sessionId;

  /**
   * @param sessionId of a request
   */
  FileAdmission(
      HttpIdentity identity,
      Supplier<SessionDirectory> directory,
      Function<RoutingContext, String> sessionId) {
    this.identity = identity;
    this.directory = directory;
    this.sessionId = sessionId;
  }

  /**
   * @param all pattern of the routes
   */
  void add(Router router, String all) {
    router.get(all).handler(request -> admit(request, Permission.THREADS_READ));
    router.put(all).handler(request -> admit(request, Permission.THREADS_WRITE));
    router.delete(all).handler(request -> admit(request, Permission.THREADS_WRITE));
    router.post(all).handler(request -> admit(request, Permission.THREADS_WRITE));
  }

  /** The session of a request that was let through. */
  static Session session(RoutingContext request) {
    return request.get(SESSION);
  }

  private void admit(RoutingContext request, Permission needed) {
    request.request().pause();
    identity
        .of(request.request(), needed)
        .compose(who -> directory.get().find(who.tenantId(), sessionId.apply(request)))
        .onSuccess(
            session -> {
              request.put(SESSION, session);
              request.request().resume();
              request.next();
            })
        .onFailure(
            failure -> {
              request.request().resume();
              ProblemReply.send(request, failure);
            });
  }
}
