package dev.concert.coordinator;

import dev.concert.bus.ConcertBus;
import dev.concert.coordinator.deployment.AgentCatalog;
import dev.concert.coordinator.instance.StartQueue;
import dev.concert.coordinator.sandbox.ProcessLimits;
import dev.concert.coordinator.sandbox.ProcessStarter;
import dev.concert.coordinator.sandbox.PythonRuntime;
import dev.concert.coordinator.sandbox.Sandbox;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;

/**
 * What this coordinator works with on this host.
 *
 * @param workers where everything runs that blocks
 * @param python fails with a coded failure when the host has no Python; looked for beside the
 *     start, because a shim in front of it may take longer than everything else
 */
public record Host(
    Vertx vertx,
    ConcertBus bus,
    WorkerExecutor workers,
    CoordinatorOptions options,
    AgentCatalog catalog,
    Sandbox sandbox,
    ProcessLimits limits,
    ProcessStarter starter,
    StartQueue starts,
    Future<PythonRuntime> python) {

  /** The folder of an instance. */
  public Path folder(String instanceId) {
    return options.instances().resolve(instanceId);
  }
}
