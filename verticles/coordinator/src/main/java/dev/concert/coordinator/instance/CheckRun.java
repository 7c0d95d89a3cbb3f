package dev.concert.coordinator.instance;

import dev.concert.bus.Addresses;
import dev.concert.coordinator.config.ResourceLimits;
import dev.concert.coordinator.process.AgentLog;
import dev.concert.coordinator.process.AgentProcess;
import dev.concert.coordinator.process.ExitStatus;
import dev.concert.coordinator.sandbox.LaunchSpec;
import dev.concert.coordinator.sandbox.PythonRuntime;
import dev.concert.coordinator.sandbox.Toolchains;
import dev.concert.podium.PodiumMessages.CheckOutcome;
import dev.concert.podium.PodiumMessages.RunCheck;
import dev.concert.workspace.WorkspaceMessages.Mount;
import dev.concert.workspace.WorkspaceMessages.Unmount;
import dev.concert.workspace.WorkspaceMessages.WorkspaceQuota;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Runs one command on a workspace that no agent has: in the sandbox of agents, with their limits,
 * without a network, without access to models. Used once; belongs to one event loop.
 */
final class CheckRun {
  private static final String TYPE = "check";

  private final InstanceServices services;
  private final RunCheck request;
  private final Path folder;
  private final ResourceLimits limits;
  private final Duration timeout;
  private final Context context;
  private final Rollback cleanup = new Rollback();
  private final Promise<String> killed = Promise.promise();

  CheckRun(InstanceServices services, RunCheck request) {
    this.services = services;
    this.request = request;
    this.folder = services.folder(request.instanceId());
    this.limits = services.options().limits().agent();
    this.timeout = services.options().timeouts().service();
    this.context = services.vertx().getOrCreateContext();
  }

  /** What is left of it afterwards is the workspace. */
  Future<CheckOutcome> run() {
    cleanup.add(ProcessLaunch.RELEASE_USER, () -> services.users().release(folder));
    return services
        .python()
        .compose(python -> blocking(this::prepare).compose(files -> run(python, files)))
        .transform(
            outcome ->
                cleanup
                    .run()
                    .compose(
                        _ ->
                            outcome.succeeded()
                                ? Future.succeededFuture(outcome.result())
                                : Future.failedFuture(outcome.cause())));
  }

  private InstanceFolder prepare() throws IOException {
    InstanceFolder files = InstanceFolder.prepare(folder, services.users());
    // Nobody listens: the path marks the processes of this check.
    Files.createFile(files.socket().socket());
    return files;
  }

  private Future<CheckOutcome> run(PythonRuntime python, InstanceFolder files) {
    cleanup.add("remove the socket of a check", () -> blocking(() -> remove(files)));
    return mount(files)
        .compose(workspace -> blocking(() -> start(python, files, workspace)))
        .compose(this::await);
  }

  private static InstanceFolder remove(InstanceFolder files) throws IOException {
    files.socket().remove();
    return files;
  }

  private Future<Path> mount(InstanceFolder files) {
    String id = request.instanceId();
    cleanup.add(
        "unmount the workspace of a check",
        () -> services.bus().request(Addresses.UNMOUNT_WORKSPACE, new Unmount(id), timeout));
    WorkspaceQuota quota = new WorkspaceQuota(limits.workspace().bytes(), limits.workspaceFiles());
    return services
        .bus()
        .request(Addresses.MOUNT_WORKSPACE, new Mount(id, files.user().orElse(0), quota), timeout)
        .map(mounted -> services.options().instances().resolve(mounted.place()).normalize());
  }

  private AgentProcess start(PythonRuntime python, InstanceFolder files, Path workspace)
      throws IOException {
    Path sdk = services.catalog().pythonSdk();
    LaunchSpec launch =
        new LaunchSpec(
            request.instanceId(),
            TYPE,
            python,
            List.of("/bin/sh", "-c", request.command()),
            Stream.of(sdk).filter(Files::isDirectory).toList(),
            sdk,
            workspace,
            files.socket().socket(),
            files.temp(),
            limits.scratch().bytes(),
            List.of(),
            files.user(),
            Map.of(),
            services.options().toolchains().map(Toolchains::below).orElse(Toolchains.NONE));
    launch.giveSockets();
    return AgentProcess.start(
        launch,
        limits,
        services.sandbox(),
        services.groups(),
        services.starter(),
        new AgentLog(folder, ""),
        folder,
        () -> context.runOnContext(_ -> killed.tryComplete("")));
  }

  private Future<CheckOutcome> await(AgentProcess process) {
    long timer =
        services
            .vertx()
            .setTimer(
                request.timeoutSeconds() * 1000L,
                _ ->
                    killed.tryComplete(
                        "It took longer than %d s.".formatted(request.timeoutSeconds())));
    Future<String> over =
        Future.any(Future.fromCompletionStage(process.exit(), context).map(""), killed.future())
            .map(_ -> killed.future().succeeded() ? killed.future().result() : "");
    return over.onComplete(_ -> services.vertx().cancelTimer(timer))
        .compose(reason -> blocking(process::end).map(status -> outcome(status, reason)));
  }

  private static CheckOutcome outcome(ExitStatus status, String reason) {
    String why = status.overrun().map(passed -> "It " + passed + ".").orElse(reason);
    return new CheckOutcome(
        why.isEmpty() ? status.code().orElse(null) : null,
        why.isEmpty() && status.code().isEmpty() ? "It was stopped." : why,
        status.logTail());
  }

  private <T> Future<T> blocking(Callable<T> work) {
    return services.workers().executeBlocking(work, false);
  }
}
