package dev.concert.coordinator;

import static dev.concert.bus.Addresses.*;

import dev.concert.bus.ConcertBus;
import dev.concert.bus.HealthReport;
import dev.concert.coordinator.config.CoordinatorOptions;
import dev.concert.coordinator.deployment.AgentCatalog;
import dev.concert.coordinator.egress.AgentNetworks;
import dev.concert.coordinator.egress.GitOrigins;
import dev.concert.coordinator.event.WorkspaceTopics;
import dev.concert.coordinator.instance.Checks;
import dev.concert.coordinator.instance.InstanceServices;
import dev.concert.coordinator.instance.Instances;
import dev.concert.coordinator.instance.StartQueue;
import dev.concert.coordinator.process.Isolation;
import dev.concert.coordinator.process.OrphanReaper;
import dev.concert.coordinator.process.ProcessStarter;
import dev.concert.coordinator.process.ResourceGroups;
import dev.concert.coordinator.sandbox.AgentUsers;
import dev.concert.coordinator.sandbox.PythonRuntime;
import dev.concert.coordinator.sandbox.Sandbox;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.config.DeploymentMode;
import dev.concert.foundation.files.LockFile;
import dev.concert.foundation.http.ListeningPorts;
import dev.concert.podium.PodiumMessages.AgentType;
import dev.concert.podium.PodiumMessages.AgentTypes;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.List;
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
  private static final long STOP_GRACE_MS = 1000;
  private static final long STOP_TIMEOUT_MS = 3000;

  private final CoordinatorOptions options;
  private WorkerExecutor workers;
  private volatile Prepared prepared;
  private Instances instances;

  public CoordinatorVerticle(CoordinatorOptions options) {
    this.options = options;
  }

  private record Prepared(LockFile lock, InstanceServices services) {}

  @Override
  public Future<?> start() {
    workers = vertx.createSharedWorkerExecutor("podium", WORKERS);
    Future<PythonRuntime> python = findPython();
    return workers
        .executeBlocking(() -> prepare(python), false)
        .onSuccess(
            ready -> {
              prepared = ready;
              instances = new Instances(ready.services());
              ready.services().topics().open(ready.services().bus());
              Checks checks = new Checks(ready.services(), instances);
              ready.services().bus().serve(RUN_CHECK, checks::run);
              serve(ready.services().bus());
              checks.removeLeftCopies();
            });
  }

  private Prepared prepare(Future<PythonRuntime> python) throws IOException {
    LockFile lock = lockInstances();
    ConcertBus bus = new ConcertBus(vertx);
    try {
      OrphanReaper.clear(options.instances());
      Isolation isolation = Isolation.find(options.sandbox(), options.users(), options.instances());
      checkLayers(isolation.missing());
      ResourceGroups groups = isolation.groups();
      groups.killOrphans();
      Sandbox sandbox = isolation.sandbox();
      LOG.info("Agents run in sandbox {}, their limits kept by {}", sandbox.name(), groups.kind());
      return new Prepared(
          lock,
          new InstanceServices(
              vertx,
              bus,
              new WorkspaceTopics(),
              workers,
              options,
              new AgentCatalog(options.agents()),
              sandbox,
              sandbox.givesUsers()
                  ? AgentUsers.of(options.users(), options.instances())
                  : AgentUsers.own(),
              AgentNetworks.of(
                  vertx, options.egress(), () -> ListeningPorts.of(vertx), GitOrigins.of(bus)),
              groups,
              new ProcessStarter(),
              new StartQueue(vertx, options.limits().starts(), options.timeouts().queue()),
              python));
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private void checkLayers(List<String> missing) {
    String what = String.join("; ", missing);
    if (!missing.isEmpty() && options.mode() == DeploymentMode.PRODUCTION) {
      throw new IllegalStateException(
          "mode is 'production', but agents would not be shut in: "
              + what
              + ". `concert doctor` says what to do.");
    }
    if (!missing.isEmpty()) {
      LOG.warn("Agents are not shut in as they should be: {}", what);
    }
  }

  /** Whoever holds it knows that every agent it finds in the folder is an orphan. */
  private LockFile lockInstances() throws IOException {
    return LockFile.tryLock(options.instances().resolve(".lock"))
        .orElseThrow(
            () ->
                new IOException(
                    "The instances folder %s is used by another coordinator; stop that one first."
                        .formatted(options.instances())));
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
    bus.serve(RESET_INSTANCE, instances::reset);
    bus.serve(DELETE_INSTANCE, instances::delete);
    bus.serve(DELIVER_MESSAGE, instances::deliver);
    bus.serve(STEER, instances::steer);
    bus.serve(INTERRUPT, instances::interrupt);
    bus.serve(ANSWER, instances::answer);
    bus.serve(REPLAY_EVENTS, instances::replay);
    bus.serve(REPORT_USAGE, instances::used);
    bus.serve(EVENTS_STORED, instances::stored);
    bus.serve(LIST_AGENT_TYPES, request -> agentTypes());
    bus.serve(PODIUM_HEALTH, probe -> health());
  }

  private Future<AgentTypes> agentTypes() {
    AgentCatalog catalog = prepared.services().catalog();
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
    InstanceServices services = prepared.services();
    return agentTypes()
        .map(
            known ->
                new HealthReport(
                    known.types().isEmpty() || services.python().failed() ? "degraded" : "ok",
                    Map.of(
                        "agents", Long.toString(instances.running()),
                        "agentTypes", Integer.toString(known.types().size()),
                        "sandbox", services.sandbox().name(),
                        "sandboxLacks",
                            String.join(
                                "; ",
                                new Isolation(services.sandbox(), services.groups()).missing()),
                        "processLimit", services.groups().kind(),
                        "python", services.python().failed() ? "missing" : "present")));
  }

  /**
   * Kills every agent at once: for a process that ends before this verticle stopped. Any thread;
   * blocks until they are gone.
   */
  public void killAgents() {
    Prepared started = prepared;
    if (started == null) {
      return;
    }
    try {
      started.services().groups().killOrphans();
      OrphanReaper.clear(options.instances());
    } catch (IOException | UncheckedIOException e) {
      LOG.error("Some agents may be left over; the next start removes them", e);
    }
  }

  @Override
  public Future<?> stop() {
    if (prepared == null) {
      return Future.succeededFuture();
    }
    long grace = Math.min(STOP_GRACE_MS, options.timeouts().shutdown().toMillis());
    return instances
        .close("coordinator_stopping", grace)
        .timeout(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS)
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
                      prepared.services().groups().killOrphans();
                      OrphanReaper.clear(options.instances());
                      prepared.services().groups().close();
                      prepared.services().starter().close();
                      prepared.lock().close();
                      return null;
                    },
                    false));
  }
}
