package dev.concert.coordinator;

import static dev.concert.bus.Addresses.*;

import dev.concert.bus.ConcertBus;
import dev.concert.bus.HealthReport;
import dev.concert.coordinator.deployment.AgentCatalog;
import dev.concert.coordinator.instance.Instances;
import dev.concert.coordinator.instance.StartQueue;
import dev.concert.coordinator.sandbox.LeftOvers;
import dev.concert.coordinator.sandbox.ProcessLimits;
import dev.concert.coordinator.sandbox.ProcessStarter;
import dev.concert.coordinator.sandbox.PythonRuntime;
import dev.concert.coordinator.sandbox.Sandbox;
import dev.concert.coordinator.sandbox.SandboxProbe;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.podium.PodiumMessages.AgentType;
import dev.concert.podium.PodiumMessages.AgentTypes;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Podium, the agent coordinator: starts agent processes in their sandboxes, speaks the agent
 * protocol with them, and turns what they do into numbered native events.
 *
 * <p>To be deployed once for an instances folder, on an event loop: one event loop holds all state,
 * everything that blocks runs on the worker pool {@code podium}. The deployment fails with a clear
 * sentence when the folder cannot be used. Undeploying stops all agents and takes at most 5 s.
 */
public final class CoordinatorVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(CoordinatorVerticle.class);
  private static final int WORKERS = 16;
  private static final long STOP_GRACE_MS = 1500;
  private static final long STOP_PATIENCE_MS = 3000;

  private final CoordinatorOptions options;
  private WorkerExecutor workers;
  private Ground ground;
  private Instances instances;

  public CoordinatorVerticle(CoordinatorOptions options) {
    this.options = options;
  }

  private record Ground(FolderLock lock, Host host) {}

  @Override
  public Future<?> start() {
    workers = vertx.createSharedWorkerExecutor("podium", WORKERS);
    Future<PythonRuntime> python = findPython();
    return workers
        .executeBlocking(() -> prepare(python), false)
        .onSuccess(
            prepared -> {
              ground = prepared;
              instances = new Instances(prepared.host());
              serve(prepared.host().bus());
            });
  }

  private Ground prepare(Future<PythonRuntime> python) throws IOException {
    Files.createDirectories(options.instances());
    FolderLock lock = FolderLock.take(options.instances());
    try {
      LeftOvers.clear(options.instances());
      ProcessLimits limits = ProcessLimits.find(options.instances(), options.limits().processes());
      limits.clearLeftOvers();
      Sandbox sandbox = SandboxProbe.choose(options.sandbox());
      LOG.info("Agents run in sandbox {}, their number kept by {}", sandbox.name(), limits.kind());
      return new Ground(
          lock,
          new Host(
              vertx,
              new ConcertBus(vertx),
              workers,
              options,
              new AgentCatalog(options.agents()),
              sandbox,
              limits,
              new ProcessStarter(),
              new StartQueue(vertx, options.limits().starts(), options.patience().queue()),
              python));
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private Future<PythonRuntime> findPython() {
    return workers
        .executeBlocking(PythonRuntime::find, false)
        .recover(
            failure -> {
              if (!(failure instanceof InterruptedIOException)) {
                LOG.warn("No Python for agents on this host: {}", failure.getMessage());
              }
              return Future.failedFuture(
                  new ConcertException(
                      ErrorCode.PODIUM_UNAVAILABLE,
                      "This host has no python3 for agents to run on.",
                      failure));
            });
  }

  private void serve(ConcertBus bus) {
    bus.serve(START_INSTANCE, instances::start);
    bus.serve(STOP_INSTANCE, instances::stop);
    bus.serve(DELIVER_MESSAGE, instances::deliver);
    bus.serve(STEER, instances::steer);
    bus.serve(INTERRUPT, instances::interrupt);
    bus.serve(ANSWER, instances::answer);
    bus.serve(REPLAY_EVENTS, instances::replay);
    bus.serve(REPORT_USAGE, instances::used);
    bus.listen(EVENTS_STORED, instances::stored);
    bus.serve(LIST_AGENT_TYPES, request -> agentTypes());
    bus.serve(PODIUM_HEALTH, probe -> health());
  }

  private Future<AgentTypes> agentTypes() {
    AgentCatalog catalog = ground.host().catalog();
    return workers.executeBlocking(
        () ->
            new AgentTypes(
                catalog.list().stream()
                    .map(deployment -> deployment.manifest())
                    .map(
                        manifest ->
                            new AgentType(
                                manifest.type(), manifest.version(), manifest.description()))
                    .toList()),
        false);
  }

  private Future<HealthReport> health() {
    Host host = ground.host();
    return agentTypes()
        .map(
            known ->
                new HealthReport(
                    known.types().isEmpty() || host.python().failed() ? "degraded" : "ok",
                    Map.of(
                        "agents", Long.toString(instances.running()),
                        "agentTypes", Integer.toString(known.types().size()),
                        "sandbox", host.sandbox().name(),
                        "processLimit", host.limits().kind(),
                        "python", host.python().failed() ? "missing" : "present")));
  }

  @Override
  public Future<?> stop() {
    if (ground == null) {
      return Future.succeededFuture();
    }
    long grace = Math.min(STOP_GRACE_MS, options.patience().shutdown().toMillis());
    return instances
        .close("coordinator_stopping", grace)
        .timeout(STOP_PATIENCE_MS, TimeUnit.MILLISECONDS)
        .onFailure(
            failure -> {
              LOG.warn("Not every agent stopped in time; the rest is killed");
              instances.kill("coordinator_stopping");
            })
        .otherwiseEmpty()
        .compose(
            stopped ->
                // Not on the workers: they may still have hundreds of agents to clear up after.
                vertx.executeBlocking(
                    () -> {
                      // An agent that was still being started, where the time was over.
                      ground.host().limits().clearLeftOvers();
                      LeftOvers.clear(options.instances());
                      ground.host().limits().close();
                      ground.host().starter().close();
                      ground.lock().close();
                      return null;
                    },
                    false));
  }
}
