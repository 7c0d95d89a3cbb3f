package dev.concert.gateway.dispatch;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.registry.Cursor;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.podium.PodiumMessages.AgentType;
import dev.concert.podium.PodiumMessages.ListAgentTypes;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.Identity;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionMeta;
import dev.concert.protocol.SessionState;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Answers what is asked about the sessions of a tenant. */
public final class SessionRequests {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ConcertBus bus;
  private final Registries registries;
  private final SessionDirectory directory;

  /**
   * Agent types that the coordinator is known to have; asked again for one that is not among them.
   */
  private volatile Set<String> agentTypes = Set.of();

  public SessionRequests(ConcertBus bus, Registries registries, SessionDirectory directory) {
    this.bus = bus;
    this.registries = registries;
    this.directory = directory;
  }

  Future<ServerEvent.SessionList> list(Identity who, ClientMessage.ListSessions message) {
    Optional<Cursor> after = Optional.ofNullable(message.cursor()).map(Cursor::parse);
    return registries
        .list(who.tenantId(), message.includeArchived(), after, message.limit())
        .map(
            page ->
                new ServerEvent.SessionList(
                    page.sessions().stream().map(directory::current).toList(), page.nextCursor()));
  }

  Future<ServerEvent.SessionCreated> create(Identity who, ClientMessage.CreateSession message) {
    return known(message.agentType())
        .compose(
            _ -> {
              SessionMeta session = newSession(who, message);
              return registries.insert(session).map(new ServerEvent.SessionCreated(session));
            });
  }

  private static SessionMeta newSession(Identity who, ClientMessage.CreateSession message) {
    long now = System.currentTimeMillis();
    return new SessionMeta(
        UUID.randomUUID().toString(),
        who.tenantId(),
        message.name() == null ? "New session" : message.name(),
        message.agentType(),
        message.model(),
        message.projectId(),
        SessionState.INACTIVE,
        false,
        who.userId(),
        now,
        now,
        0,
        message.metadata());
  }

  private Future<Void> known(String agentType) {
    if (agentTypes.contains(agentType)) {
      return Future.succeededFuture();
    }
    return bus.request(Addresses.LIST_AGENT_TYPES, new ListAgentTypes(), PATIENCE)
        .compose(
            answer -> {
              List<String> types = answer.types().stream().map(AgentType::type).sorted().toList();
              agentTypes = types.stream().collect(Collectors.toUnmodifiableSet());
              return agentTypes.contains(agentType)
                  ? Future.succeededFuture()
                  : Future.failedFuture(
                      new ConcertException(
                          ErrorCode.AGENT_TYPE_UNKNOWN,
                          "There is no agent type '%s'; there are: %s."
                              .formatted(agentType, String.join(", ", types))));
            });
  }
}
