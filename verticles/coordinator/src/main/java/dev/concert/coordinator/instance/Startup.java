package dev.concert.coordinator.instance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bus.Addresses;
import dev.concert.coordinator.config.ResourceLimits;
import dev.concert.coordinator.deployment.Deployment;
import dev.concert.coordinator.event.ReplayBuffer;
import dev.concert.coordinator.event.WorkspaceFeed;
import dev.concert.coordinator.profile.AgentProfiles;
import dev.concert.coordinator.profile.AgentProfiles.ProfileException;
import dev.concert.coordinator.sandbox.PythonRuntime;
import dev.concert.coordinator.state.AgentState;
import dev.concert.error.ConcertException;
import dev.concert.error.DiskFailure;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.inference.InferenceMessages.CloseAccess;
import dev.concert.podium.PodiumMessages.StartInstance;
import dev.concert.protocol.ServerEvent;
import dev.concert.workspace.WorkspaceMessages.ChangesSince;
import dev.concert.workspace.WorkspaceMessages.FileChanges;
import dev.concert.workspace.WorkspaceMessages.Mount;
import dev.concert.workspace.WorkspaceMessages.Unmount;
import dev.concert.workspace.WorkspaceMessages.WorkspaceQuota;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one agent up: its files, its workspace, its access to Ensemble, then its process ({@link
 * ProcessLaunch}). When a step fails, the steps before it are rolled back and the failure has a
 * code. Used once; belongs to one event loop.
 */
final class Startup {
  private static final Logger LOG = LoggerFactory.getLogger(Startup.class);

  private final InstanceServices services;
  private final StartInstance request;
  private final String instanceId;
  private final ReplayBuffer stream;
  private final Duration timeout;
  private final Future<String> stop;
  private final Rollback rollback = new Rollback();

  /**
   * @param stop completes, with the reason, when the agent is no longer wanted
   */
  Startup(
      InstanceServices services, StartInstance request, ReplayBuffer stream, Future<String> stop) {
    this.services = services;
    this.request = request;
    this.instanceId = request.instanceId();
    this.stream = stream;
    this.stop = stop;
    this.timeout = services.options().timeouts().service();
  }

  /** What is ready before the workspace is mounted. */
  private record LocalFiles(
      Deployment deployment, ObjectNode config, PythonRuntime python, InstanceFolder folder) {}

  /**
   * @param lastChange number of the last workspace change that is in an event stream; empty to
   *     start with the next change
   */
  Future<AgentRun> run(OptionalLong lastChange) {
    stream.emit(new ServerEvent.SandboxInit(services.sandbox().name()));
    stream.emit(new ServerEvent.SandboxProvisioning("creating", "Mounting the workspace"));
    return localFiles()
        .compose(files -> context(files, lastChange))
        .compose(
            context -> {
              if (stop.succeeded()) {
                return Future.failedFuture(ExitReason.stoppedMeanwhile());
              }
              stream.emit(new ServerEvent.SandboxProvisioning("configuring", "Starting the agent"));
              return new ProcessLaunch(services, request, stream, context, rollback, stop).run();
            })
        .onSuccess(run -> stream.emit(new ServerEvent.SandboxReady()))
        .recover(
            failure ->
                rollback
                    .run()
                    .compose(
                        rolledBack -> {
                          stream.emit(new ServerEvent.SandboxRemoved("start_failed"));
                          return Future.failedFuture(coded(failure));
                        }));
  }

  private Throwable coded(Throwable failure) {
    if (failure instanceof ConcertException) {
      return failure;
    }
    if (DiskFailure.isReported(failure)) {
      return Problem.of(failure).toException();
    }
    LOG.atError()
        .addKeyValue("tenantId", request.tenantId())
        .addKeyValue("sessionId", request.sessionId())
        .addKeyValue("instanceId", instanceId)
        .setCause(failure)
        .log("The agent of instance {} cannot be started", instanceId);
    return new ConcertException(
        ErrorCode.PODIUM_UNAVAILABLE, "The agent cannot be started on this host.", failure);
  }

  private Future<LocalFiles> localFiles() {
    Path folder = services.folder(instanceId);
    rollback.add(ProcessLaunch.RELEASE_USER, () -> services.users().release(folder));
    return services
        .python()
        .compose(
            python ->
                services
                    .workers()
                    .executeBlocking(
                        () -> {
                          Deployment deployment = services.catalog().find(request.agentType());
                          return new LocalFiles(
                              deployment,
                              config(deployment),
                              python,
                              InstanceFolder.prepare(folder, services.users()));
                        },
                        false));
  }

  private ObjectNode config(Deployment deployment) {
    ObjectNode config = deployment.manifest().config().deepCopy();
    try {
      services.options().profiles().addTo(config, request.tenantId(), request.userId());
      if (request.instructions() != null) {
        AgentProfiles.addInstructions(config, request.instructions());
      }
      return config;
    } catch (ProfileException e) {
      throw new ConcertException(
          ErrorCode.PODIUM_UNAVAILABLE,
          "The agent does not start, because a profile cannot be used: " + e.getMessage(),
          e);
    }
  }

  private Future<StartContext> context(LocalFiles files, OptionalLong lastChange) {
    return AgentState.open(files.folder().folder(), services.workers())
        .compose(
            state ->
                mount(files)
                    .compose(
                        workspace ->
                            listen(lastChange)
                                .compose(
                                    feed ->
                                        openAccess()
                                            .map(
                                                access ->
                                                    new StartContext(
                                                        files.deployment(),
                                                        files.config(),
                                                        files.python(),
                                                        files.folder(),
                                                        state,
                                                        workspace,
                                                        feed,
                                                        access)))));
  }

  private WorkspaceQuota quota(LocalFiles files) {
    ResourceLimits limits =
        files.deployment().manifest().limits(services.options().limits().agent());
    return new WorkspaceQuota(limits.workspace().bytes(), limits.workspaceFiles());
  }

  private Future<Path> mount(LocalFiles files) {
    Mount mount = new Mount(instanceId, files.folder().user().orElse(0), quota(files));
    // Rolled back even without an answer: Chronicle may mount it late.
    rollback.add(
        "unmount the workspace",
        () ->
            services.bus().request(Addresses.UNMOUNT_WORKSPACE, new Unmount(instanceId), timeout));
    return services
        .bus()
        .request(Addresses.MOUNT_WORKSPACE, mount, timeout)
        .map(mounted -> services.options().instances().resolve(mounted.place()).normalize());
  }

  private Future<WorkspaceFeed> listen(OptionalLong lastChange) {
    Future<Long> last =
        lastChange.isPresent()
            ? Future.succeededFuture(lastChange.getAsLong())
            : services
                .bus()
                .request(
                    Addresses.CHANGES_SINCE, new ChangesSince(instanceId, Long.MAX_VALUE), timeout)
                .map(FileChanges::latest);
    return last.map(
        number -> {
          WorkspaceFeed feed =
              new WorkspaceFeed(services.bus(), services.topics(), instanceId, stream, number);
          rollback.add(ProcessLaunch.CLOSE_FEED, feed::close);
          return feed;
        });
  }

  private Future<EnsembleAccess> openAccess() {
    rollback.add(
        ProcessLaunch.CLOSE_ACCESS,
        () -> services.bus().request(Addresses.CLOSE_ACCESS, new CloseAccess(instanceId), timeout));
    return EnsembleAccess.open(services.bus(), instanceId, request.tenantId(), timeout);
  }
}
