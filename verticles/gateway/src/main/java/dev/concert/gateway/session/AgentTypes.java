package dev.concert.gateway.session;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.podium.PodiumMessages.AgentType;
import dev.concert.podium.PodiumMessages.ListAgentTypes;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The agent types that the coordinator has. Thread-safe. */
public final class AgentTypes {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final ConcertBus bus;

  /** Types that the coordinator had; it is asked again for one that is not among them. */
  private volatile Set<String> known = Set.of();

  public AgentTypes(ConcertBus bus) {
    this.bus = bus;
  }

  /** Fails with {@code AGENT_TYPE_UNKNOWN} when the coordinator has no such type. */
  public Future<Void> require(String agentType) {
    return known.contains(agentType)
        ? Future.succeededFuture()
        : bus.request(Addresses.LIST_AGENT_TYPES, new ListAgentTypes(), TIMEOUT)
            .map(answer -> answer.types().stream().map(AgentType::type).sorted().toList())
            .compose(types -> require(agentType, types));
  }

  private Future<Void> require(String agentType, List<String> types) {
    known = types.stream().collect(Collectors.toUnmodifiableSet());
    return known.contains(agentType)
        ? Future.succeededFuture()
        : Future.failedFuture(
            new ConcertException(
                ErrorCode.AGENT_TYPE_UNKNOWN,
                "There is no agent type '%s'; there are: %s."
                    .formatted(agentType, String.join(", ", types))));
  }
}
