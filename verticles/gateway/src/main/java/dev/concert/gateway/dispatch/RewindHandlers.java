package dev.concert.gateway.dispatch;

import dev.concert.contract.RewindOperations;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.connection.ConnectedClients;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.protocol.RewindMessage;
import dev.concert.protocol.ServerEvent;
import io.vertx.core.Future;
import java.util.Map;

/** Takes sessions back to an earlier message, and makes new sessions of such a point. */
public record RewindHandlers(SessionDirectory directory, ConnectedClients clients, AuditLog audit) {

  public void register(Handlers handlers, SessionScope scope) {
    handlers
        .serve(
            RewindOperations.REWIND_SESSION,
            scope.onSession(
                (session, request) ->
                    session.rewind().run(request.who(), request.message().messageId())))
        .serve(RewindOperations.FORK_SESSION, this::fork);
  }

  /** Who may make sessions may fork each session that they may read. */
  private Future<ServerEvent.SessionCreated> fork(ApiRequest<RewindMessage.ForkSession> request) {
    Identity who = request.who();
    if (!who.permissions().contains(Permission.THREADS_CREATE)) {
      return forbidden(
          "You lack the permission '%s'.".formatted(Permission.THREADS_CREATE.wireName()));
    }
    if (who.onlySessions().isPresent()) {
      return forbidden("This key is limited to its sessions: it cannot make new ones.");
    }
    return directory
        .find(who, request.message().sessionId(), Permission.THREADS_READ)
        .compose(session -> directory.fork(session, who, request.message()))
        .compose(
            made ->
                audit
                    .record(
                        who.tenantId(),
                        who.userId(),
                        "session.forked",
                        request.message().sessionId(),
                        Map.of("into", made.id()))
                    .map(made))
        .map(ServerEvent.SessionCreated::new)
        .onSuccess(created -> notifyOthers(request, created));
  }

  private void notifyOthers(ApiRequest<?> request, ServerEvent.SessionCreated created) {
    directory
        .audience(request.who(), created.session().id())
        .onSuccess(
            audience -> clients.notifyOthers(audience, request.requester().client(), created));
  }

  private static <T> Future<T> forbidden(String why) {
    return Future.failedFuture(new ConcertException(ErrorCode.FORBIDDEN, why));
  }
}
