package dev.concert.coordinator.instance;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.Host;
import dev.concert.coordinator.deployment.Deployment;
import dev.concert.coordinator.event.EventStream;
import dev.concert.coordinator.event.WorkspaceFeed;
import dev.concert.coordinator.sandbox.PythonRuntime;
import dev.concert.coordinator.state.AgentState;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.inference.InferenceMessages.Access;
import dev.concert.inference.InferenceMessages.CloseAccess;
import dev.concert.inference.InferenceMessages.OpenAccess;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.podium.PodiumMessages.StartInstance;
import dev.concert.workspace.WorkspaceMessages.ChangesSince;
import dev.concert.workspace.WorkspaceMessages.FileChanges;
import dev.concert.workspace.WorkspaceMessages.Mount;
import dev.concert.workspace.WorkspaceMessages.Unmount;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one agent up: its files, its workspace, its access to Ensemble, then its process ({@link
 * Launch}). A step that fails takes back those before it, and the answer has a code. Used once;
 * belongs to one event loop.
 */
final class Startup {
  private static final Logger LOG = LoggerFactory.getLogger(Startup.class);

  private final Host host;
  private final StartInstance request;
  private final String instanceId;
  private final EventStream stream;
  private final Duration patience;
  private final Future<String> stop;
  private final Undo undo = new Undo();

  /**
   * @param stop completes, with the reason, when the agent is no longer wanted
   */
  Startup(Host host, StartInstance request, EventStream stream, Future<String> stop) {
    this.host = host;
    this.request = request;
    this.instanceId = request.instanceId();
    this.stream = stream;
    this.stop = stop;
    this.patience = host.options().patience().service();
  }

  /** What an agent stands on before it has a process. */
  record Site(
      Deployment deployment,
      PythonRuntime python,
      InstanceFolder folder,
      AgentState state,
      Path workspace,
      WorkspaceFeed feed,
      Access access) {}

  private record Ground(Deployment deployment, PythonRuntime python, InstanceFolder folder) {}

  /**
   * @param lastChange the workspace's last change that somebody heard of; empty to begin with the
   *     next one
   */
  Future<AgentRun> run(OptionalLong lastChange) {
    stream.emit(new NativeEvent.SandboxInit(host.sandbox().name()));
    stream.emit(new NativeEvent.SandboxProvisioning("creating", "Mounting the workspace"));
    return ground()
        .compose(ground -> site(ground, lastChange))
        .compose(
            site -> {
              if (stop.succeeded()) {
                return Future.failedFuture(Death.stoppedMeanwhile());
              }
              stream.emit(new NativeEvent.SandboxProvisioning("configuring", "Starting the agent"));
              return new Launch(host, request, stream, site, undo, stop).run();
            })
        .onSuccess(run -> stream.emit(new NativeEvent.SandboxReady()))
        .recover(
            failure ->
                undo.run()
                    .compose(
                        undone -> {
                          stream.emit(new NativeEvent.SandboxRemoved("start_failed"));
                          return Future.failedFuture(coded(failure));
                        }));
  }

  private Throwable coded(Throwable failure) {
    if (failure instanceof ConcertException) {
      return failure;
    }
    LOG.error("The agent of instance {} cannot be started", instanceId, failure);
    return new ConcertException(
        ErrorCode.PODIUM_UNAVAILABLE, "The agent cannot be started on this host.", failure);
  }

  private Future<Ground> ground() {
    return host.python()
        .compose(
            python ->
                host.workers()
                    .executeBlocking(
                        () ->
                            new Ground(
                                host.catalog().find(request.agentType()),
                                python,
                                InstanceFolder.prepare(host.folder(instanceId))),
                        false));
  }

  private Future<Site> site(Ground ground, OptionalLong lastChange) {
    return AgentState.open(ground.folder().folder(), host.workers())
        .compose(
            state ->
                mount()
                    .compose(
                        workspace ->
                            listen(lastChange)
                                .compose(
                                    feed ->
                                        openAccess()
                                            .map(
                                                access ->
                                                    new Site(
                                                        ground.deployment(),
                                                        ground.python(),
                                                        ground.folder(),
                                                        state,
                                                        workspace,
                                                        feed,
                                                        access)))));
  }

  private Future<Path> mount() {
    // Taken back even when no answer came: Chronicle may have mounted it late.
    undo.add(
        "unmount the workspace",
        () -> host.bus().request(Addresses.UNMOUNT_WORKSPACE, new Unmount(instanceId), patience));
    return host.bus()
        .request(Addresses.MOUNT_WORKSPACE, new Mount(instanceId), patience)
        .map(mounted -> Path.of(mounted.path()));
  }

  private Future<WorkspaceFeed> listen(OptionalLong lastChange) {
    Future<Long> last =
        lastChange.isPresent()
            ? Future.succeededFuture(lastChange.getAsLong())
            : host.bus()
                .request(
                    Addresses.CHANGES_SINCE, new ChangesSince(instanceId, Long.MAX_VALUE), patience)
                .map(FileChanges::latest);
    return last.map(
        number -> {
          WorkspaceFeed feed = new WorkspaceFeed(host.bus(), instanceId, stream, number);
          undo.add(Launch.CLOSE_FEED, feed::close);
          return feed;
        });
  }

  private Future<Access> openAccess() {
    undo.add(
        Launch.CLOSE_ACCESS,
        () -> host.bus().request(Addresses.CLOSE_ACCESS, new CloseAccess(instanceId), patience));
    return host.bus()
        .request(Addresses.OPEN_ACCESS, new OpenAccess(instanceId, request.tenantId()), patience);
  }
}
