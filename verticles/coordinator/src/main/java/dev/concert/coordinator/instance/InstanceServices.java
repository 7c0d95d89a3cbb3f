package dev.concert.coordinator.instance;

import dev.concert.bus.ConcertBus;
import dev.concert.coordinator.config.CoordinatorOptions;
import dev.concert.coordinator.deployment.AgentCatalog;
import dev.concert.coordinator.egress.AgentNetworks;
import dev.concert.coordinator.event.WorkspaceTopics;
import dev.concert.coordinator.process.ProcessStarter;
import dev.concert.coordinator.process.ResourceGroups;
import dev.concert.coordinator.sandbox.AgentUsers;
import dev.concert.coordinator.sandbox.PythonRuntime;
import dev.concert.coordinator.sandbox.Sandbox;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;

/**
 * What this coordinator works with on this host.
 *
 * @param topics what Chronicle publishes on this node
 * @param workers where everything runs that blocks
 * @param python fails with a coded failure when the host has no Python; looked for beside the
 *     start, because a shim in front of it may take longer than everything else
 */
public record InstanceServices(
    Vertx vertx,
    ConcertBus bus,
    WorkspaceTopics topics,
    WorkerExecutor workers,
    CoordinatorOptions options,
    AgentCatalog catalog,
    Sandbox sandbox,
    AgentUsers users,
    AgentNetworks networks,
    ResourceGroups groups,
    ProcessStarter starter,
    StartQueue starts,
    Future<PythonRuntime> python) {

  /** The folder of an instance. */
  public Path folder(String instanceId) {
    return options.instances().resolve(instanceId);
  }
}
