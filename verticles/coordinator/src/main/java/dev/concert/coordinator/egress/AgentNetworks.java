package dev.concert.coordinator.egress;

import dev.concert.coordinator.egress.policy.EgressGate;
import dev.concert.coordinator.egress.policy.EgressOptions;
import dev.concert.coordinator.egress.policy.EgressPolicy;
import dev.concert.coordinator.egress.policy.HttpOrigin;
import dev.concert.coordinator.egress.policy.NameLookup;
import dev.concert.coordinator.egress.policy.OwnServers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Opens the networks of agents. Thread-safe.
 *
 * @param workers threads that resolve names, and nothing else: a name server that does not answer
 *     holds them for long
 * @param ownPorts the ports that the servers of this JVM listen on now
 * @param origins where the repositories of sessions are
 */
public record AgentNetworks(
    Vertx vertx,
    WorkerExecutor workers,
    EgressOptions options,
    NameLookup lookup,
    Supplier<Set<Integer>> ownPorts,
    GitOrigins origins) {

  /** Names that are resolved at once, for all agents. */
  private static final int LOOKUPS = 64;

  /** With this host's own resolver. */
  public static AgentNetworks of(
      Vertx vertx, EgressOptions options, Supplier<Set<Integer>> ownPorts, GitOrigins origins) {
    return new AgentNetworks(
        vertx,
        vertx.createSharedWorkerExecutor("podium-lookup", LOOKUPS),
        options,
        NameLookup.OF_HOST,
        ownPorts,
        origins);
  }

  /**
   * Listens on both sockets; to be called from the context of the verticle that the network ends
   * with, at the latest.
   *
   * @param sessionId for the log
   * @param manifest the policy that the agent type names, if it names one
   * @param ensemble base URL of Ensemble as seen from this host now
   */
  public Future<AgentNetwork> open(
      String sessionId,
      String tenantId,
      Optional<EgressPolicy> manifest,
      Supplier<URI> ensemble,
      AgentNetwork.Sockets sockets) {
    return open(
        new EgressLog(sessionId),
        () -> origins.open(tenantId, sessionId),
        tenantId,
        manifest,
        ensemble,
        sockets);
  }

  Future<AgentNetwork> open(
      EgressListener listener,
      GitDoor door,
      String tenantId,
      Optional<EgressPolicy> manifest,
      Supplier<URI> ensemble,
      AgentNetwork.Sockets sockets) {
    EgressGate gate =
        new EgressGate(
            vertx,
            options.of(tenantId),
            manifest,
            new OwnServers(ownPorts, ensemble),
            lookup,
            workers,
            options.limits());
    AgentNetwork network =
        new AgentNetwork(
            gate, door, options.limits(), listener, () -> HttpOrigin.of(ensemble.get()), sockets);
    return vertx.deployVerticle(network).map(network);
  }
}
