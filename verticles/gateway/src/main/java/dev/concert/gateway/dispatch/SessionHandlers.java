package dev.concert.gateway.dispatch;

import dev.concert.contract.ContractTable;
import dev.concert.error.FailureLog;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.connection.ConnectedClients;
import dev.concert.gateway.inference.ServedModels;
import dev.concert.gateway.registry.Cursor;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.rest.EntityTag;
import dev.concert.gateway.session.AgentTypes;
import dev.concert.gateway.session.Session;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.Identity;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.StateSnapshot;
import dev.concert.protocol.SessionDetails;
import dev.concert.protocol.SessionMeta;
import dev.concert.protocol.SessionState;
import dev.concert.protocol.SessionVisibility;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists, creates, joins and leaves the sessions of a tenant. */
public record SessionHandlers(
    Registries registries,
    SessionDirectory directory,
    AgentTypes agentTypes,
    ServedModels models,
    ConnectedClients clients,
    AuditLog audit) {
  private static final Logger LOG = LoggerFactory.getLogger(SessionHandlers.class);

  public void register(Handlers handlers) {
    SessionScope scope = new SessionScope(directory);
    handlers
        .serve(ContractTable.LIST_SESSIONS, this::list)
        .serve(ContractTable.CREATE_SESSION, this::create)
        .serve(
            ContractTable.GET_SESSION,
            scope.besideSession(
                (session, _) -> Future.succeededFuture(new SessionDetails(session.meta()))))
        .serve(ContractTable.RENAME_SESSION, scope.onSession(this::rename))
        .serve(ContractTable.ARCHIVE_SESSION, scope.onSession(this::archive))
        .serve(ContractTable.UNARCHIVE_SESSION, scope.onSession(this::unarchive))
        .serve(ContractTable.DELETE_SESSION, this::delete)
        .serve(ContractTable.JOIN_SESSION, scope.onSession(SessionHandlers::join))
        .serve(ContractTable.LEAVE_SESSION, scope.onSession(SessionHandlers::leave));
  }

  private Future<ServerEvent.SessionList> list(ApiRequest<ClientMessage.ListSessions> request) {
    ClientMessage.ListSessions message = request.message();
    Optional<Cursor> after = Optional.ofNullable(message.cursor()).map(Cursor::parse);
    return registries
        .list(request.who(), message.includeArchived(), after, message.limit())
        .map(
            page ->
                new ServerEvent.SessionList(
                    page.sessions().stream().map(directory::current).toList(), page.nextCursor()));
  }

  private Future<ServerEvent.SessionCreated> create(
      ApiRequest<ClientMessage.CreateSession> request) {
    SessionMeta session = newSession(request.who(), request.message());
    return agentTypes
        .require(session.agentType())
        .compose(_ -> models.require(session.model()))
        .compose(_ -> registries.insert(session))
        .map(_ -> new ServerEvent.SessionCreated(session))
        .compose(created -> notified(request, session.id(), created));
  }

  private Future<ServerEvent.SessionUpdated> rename(
      Session session, ApiRequest<ClientMessage.RenameSession> request) {
    return session
        .lifecycle()
        .rename(request.message().name())
        .map(ServerEvent.SessionUpdated::new)
        .compose(event -> notified(request, session.id(), event));
  }

  private Future<ServerEvent.SessionArchived> archive(
      Session session, ApiRequest<ClientMessage.ArchiveSession> request) {
    return session
        .lifecycle()
        .archive()
        .map(ServerEvent.SessionArchived::new)
        .compose(event -> notified(request, session.id(), event));
  }

  private Future<ServerEvent.SessionUnarchived> unarchive(
      Session session, ApiRequest<ClientMessage.UnarchiveSession> request) {
    return session
        .lifecycle()
        .unarchive()
        .map(ServerEvent.SessionUnarchived::new)
        .compose(event -> notified(request, session.id(), event));
  }

  private Future<ServerEvent.SessionDeleted> delete(
      ApiRequest<ClientMessage.DeleteSession> request) {
    String sessionId = request.message().sessionId();
    return verified(request)
        .compose(_ -> directory.audience(request.who(), sessionId))
        .compose(
            audience ->
                directory
                    .delete(request.who(), sessionId)
                    .compose(
                        _ ->
                            audit.record(
                                request.who().tenantId(),
                                request.who().userId(),
                                "session.deleted",
                                sessionId,
                                Map.of()))
                    .map(_ -> new ServerEvent.SessionDeleted(sessionId))
                    .onSuccess(
                        event -> {
                          clients.notifyOthers(audience, request.requester().client(), event);
                          clients.leave(sessionId);
                        }));
  }

  /** A session is not opened to be deleted, except where its version is named. */
  private Future<Void> verified(ApiRequest<ClientMessage.DeleteSession> request) {
    return request.namesVersion()
        ? directory
            .find(request.who(), request.message().sessionId(), request.needed())
            .map(
                session -> {
                  request.verifyVersion(() -> EntityTag.of(session.meta()));
                  return null;
                })
        : Future.succeededFuture();
  }

  /** The event, once the other clients who see the session were notified. */
  private <E extends ServerEvent> Future<E> notified(
      ApiRequest<?> request, String sessionId, E event) {
    return directory
        .audience(request.who(), sessionId)
        .map(
            audience -> {
              clients.notifyOthers(audience, request.requester().client(), event);
              return event;
            })
        .recover(
            failure -> {
              LOG.warn("The clients of a tenant were not notified: {}", FailureLog.reason(failure));
              return Future.succeededFuture(event);
            });
  }

  private static SessionMeta newSession(Identity who, ClientMessage.CreateSession message) {
    long now = System.currentTimeMillis();
    return new SessionMeta(
        UUID.randomUUID().toString(),
        who.tenantId(),
        message.name() == null ? SessionMeta.UNNAMED : message.name(),
        message.agentType(),
        message.model(),
        message.projectId(),
        SessionState.INACTIVE,
        false,
        who.userId(),
        now,
        now,
        0,
        message.metadata(),
        message.visibility() == null
            ? SessionVisibility.TENANT
            : SessionVisibility.ofWireName(message.visibility()));
  }

  /** Answers with where the session stands; the events after that follow the reply. */
  private static Future<StateSnapshot> join(
      Session session, ApiRequest<ClientMessage.JoinSession> request) {
    StateSnapshot snapshot = session.snapshot();
    long afterSeq =
        Optional.ofNullable(request.message().afterSeq())
            .map(wanted -> Math.min(wanted, snapshot.lastSeq()))
            .orElse(snapshot.lastSeq());
    request.afterReply(request.client().sessions().join(session, afterSeq));
    return Future.succeededFuture(snapshot);
  }

  private static Future<ServerEvent.SessionLeft> leave(
      Session session, ApiRequest<ClientMessage.LeaveSession> request) {
    request.client().sessions().leave(session.id());
    return Future.succeededFuture(new ServerEvent.SessionLeft(session.id()));
  }
}
