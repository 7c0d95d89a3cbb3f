package dev.concert.gateway.member;

import dev.concert.contract.MemberOperations;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.connection.ConnectedClients;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.gateway.dispatch.SessionScope;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.session.Session;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.protocol.Identity;
import dev.concert.protocol.MemberEvent.SessionMember;
import dev.concert.protocol.MemberEvent.SessionMembers;
import dev.concert.protocol.MemberMessage;
import dev.concert.protocol.Permission;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.SessionUpdated;
import dev.concert.protocol.SessionVisibility;
import dev.concert.protocol.ShareAccess;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers requests about who a session is shown to. Its creator decides that, and who manages
 * members and sees the session.
 */
public record ShareHandlers(
    Registries registries,
    SessionDirectory directory,
    OpenAccess open,
    ConnectedClients clients,
    AuditLog audit) {

  public void register(Handlers handlers) {
    SessionScope scope = new SessionScope(directory);
    handlers
        .serve(MemberOperations.SHARE_SESSION, this::share)
        .serve(MemberOperations.UNSHARE_SESSION, this::unshare)
        .serve(
            MemberOperations.LIST_SESSION_MEMBERS,
            scope.besideSession((session, _) -> members(session)))
        .serve(MemberOperations.SET_SESSION_VISIBILITY, this::show);
  }

  /** The session, for a caller who decides to whom it is shown. */
  static Future<Session> managed(SessionDirectory directory, Identity who, String sessionId) {
    return directory
        .find(who, sessionId, Permission.THREADS_WRITE)
        .compose(
            session ->
                session.meta().createdBy().equals(who.userId())
                            && who.permissions().contains(Permission.THREADS_WRITE)
                        || who.permissions().contains(Permission.MEMBERS_MANAGE)
                    ? Future.succeededFuture(session)
                    : MemberRows.forbidden(
                        "Only its creator and who manages members decide to whom a session is"
                            + " shown."));
  }

  private Future<SessionMembers> share(ApiRequest<MemberMessage.ShareSession> request) {
    MemberMessage.ShareSession message = request.message();
    return managed(directory, request.who(), message.sessionId())
        .compose(session -> share(request.who(), session, message).map(session))
        .compose(session -> changed(request, session, message.userId()));
  }

  private Future<Void> share(Identity who, Session session, MemberMessage.ShareSession message) {
    return registries.in(
        who.tenantId(),
        database ->
            database.transaction(
                transaction -> {
                  MemberRows rows = new MemberRows(transaction);
                  return rows.require(Optional.of(message.userId()), Optional.empty())
                      .compose(
                          member ->
                              rows.run(
                                  "INSERT OR REPLACE INTO session_members (session_id, user_id,"
                                      + " access, added_by, added_at) VALUES (?, ?, ?, ?, ?)",
                                  session.id(),
                                  member.userId(),
                                  message.access().wireName(),
                                  who.userId(),
                                  System.currentTimeMillis()))
                      .compose(
                          _ ->
                              AuditLog.record(
                                  transaction,
                                  who.userId(),
                                  "session.shared",
                                  session.id(),
                                  Map.of(
                                      "user",
                                      message.userId(),
                                      "access",
                                      message.access().wireName())));
                }));
  }

  private Future<SessionMembers> unshare(ApiRequest<MemberMessage.UnshareSession> request) {
    MemberMessage.UnshareSession message = request.message();
    Identity who = request.who();
    return managed(directory, who, message.sessionId())
        .compose(
            session ->
                registries
                    .in(
                        who.tenantId(),
                        database ->
                            database.transaction(
                                transaction ->
                                    new MemberRows(transaction)
                                        .run(
                                            "DELETE FROM session_members WHERE session_id = ? AND"
                                                + " user_id = ?",
                                            session.id(),
                                            message.userId())
                                        .compose(
                                            _ ->
                                                AuditLog.record(
                                                    transaction,
                                                    who.userId(),
                                                    "session.unshared",
                                                    session.id(),
                                                    Map.of("user", message.userId())))))
                    .map(session))
        .compose(session -> changed(request, session, message.userId()));
  }

  /** The reply; the user whom it concerns receives it, too. */
  private Future<SessionMembers> changed(ApiRequest<?> request, Session session, String userId) {
    open.sessionChanged(session);
    return members(session)
        .onSuccess(
            now ->
                clients.notifyOthers(
                    who ->
                        who.tenantId().equals(session.meta().tenantId())
                            && who.onlySessions()
                                .map(own -> own.contains(session.id()))
                                .orElse(true)
                            && now.members().stream()
                                .anyMatch(one -> one.userId().equals(who.userId()))
                            && who.userId().equals(userId),
                    request.connection(),
                    now));
  }

  private Future<SessionMembers> members(Session session) {
    return registries
        .in(
            session.meta().tenantId(),
            database ->
                database.query(
                    "SELECT s.user_id, s.access, m.email FROM session_members s JOIN members m"
                        + " ON m.user_id = s.user_id WHERE s.session_id = ? ORDER BY s.added_at,"
                        + " s.user_id",
                    Tuple.of(session.id())))
        .map(
            rows -> {
              List<SessionMember> members = new ArrayList<>();
              for (Row row : rows) {
                members.add(
                    new SessionMember(
                        row.getString("user_id"),
                        row.getString("email"),
                        ShareAccess.ofWireName(row.getString("access"))));
              }
              return new SessionMembers(session.id(), session.meta().visibility(), members);
            });
  }

  private Future<SessionUpdated> show(ApiRequest<MemberMessage.SetSessionVisibility> request) {
    SessionVisibility visibility = SessionVisibility.ofWireName(request.message().visibility());
    return managed(directory, request.who(), request.message().sessionId())
        .compose(session -> show(request, session, visibility));
  }

  private Future<SessionUpdated> show(
      ApiRequest<?> request, Session session, SessionVisibility visibility) {
    return session
        .call(() -> session.lifecycle().show(visibility))
        .compose(
            meta ->
                audit
                    .record(
                        meta.tenantId(),
                        request.who().userId(),
                        "session.visibility_changed",
                        meta.id(),
                        Map.of("visibility", visibility.wireName()))
                    .map(new SessionUpdated(meta)))
        .compose(
            event ->
                directory
                    .audience(request.who(), session.id())
                    .map(
                        audience -> {
                          open.sessionChanged(session);
                          clients.notifyOthers(audience, request.connection(), (ServerEvent) event);
                          return event;
                        }));
  }
}
