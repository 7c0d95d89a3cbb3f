package dev.concert.gateway.link;

import dev.concert.contract.ShareOperations;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.gateway.dispatch.SessionScope;
import dev.concert.gateway.session.Session;
import dev.concert.protocol.Identity;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ShareMessage;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;

/** Creates, lists and revokes the links of a session. */
public record LinkHandlers(SharedLinks links, AuditLog audit) {

  public void register(Handlers handlers, SessionScope scope) {
    handlers
        .serve(ShareOperations.CREATE_SHARE, scope.besideSession(this::create))
        .serve(ShareOperations.LIST_SHARES, scope.besideSession(this::list))
        .serve(ShareOperations.REVOKE_SHARE, scope.besideSession(this::revoke));
  }

  private Future<ServerEvent.ShareCreated> create(
      Session session, ApiRequest<ShareMessage.CreateShare> request) {
    Duration lifetime = Duration.ofHours(request.message().expiresInHours());
    return links
        .create(request.who(), session, lifetime)
        .compose(
            made ->
                noted(request.who(), "session.shared", session, made.link().id())
                    .map(
                        new ServerEvent.ShareCreated(
                            made.link().shown(), SharedRoutes.PATH + made.token())));
  }

  private Future<ServerEvent.ShareList> list(
      Session session, ApiRequest<ShareMessage.ListShares> request) {
    return Future.succeededFuture(
        new ServerEvent.ShareList(
            session.id(), links.of(session).stream().map(SharedLink::shown).toList()));
  }

  private Future<ServerEvent.ShareRevoked> revoke(
      Session session, ApiRequest<ShareMessage.RevokeShare> request) {
    String id = request.message().shareId();
    return links
        .revoke(session, id)
        .compose(_ -> noted(request.who(), "session.share_revoked", session, id))
        .map(new ServerEvent.ShareRevoked(session.id(), id));
  }

  private Future<Void> noted(Identity who, String action, Session session, String linkId) {
    return audit.record(
        who.tenantId(), who.userId(), action, session.id(), Map.of("shareId", linkId));
  }
}
