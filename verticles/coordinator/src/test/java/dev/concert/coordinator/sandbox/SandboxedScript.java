package dev.concert.coordinator.sandbox;

import dev.concert.coordinator.config.ResourceLimits;
import dev.concert.coordinator.process.AgentLog;
import dev.concert.coordinator.process.AgentProcess;
import dev.concert.coordinator.process.ProcessStarter;
import dev.concert.coordinator.process.ResourceGroups;
import dev.concert.foundation.config.ByteSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** A Python program that is started as an agent is, in the sandbox of this host. */
final class SandboxedScript implements AutoCloseable {
  private static final ResourceLimits LIMITS =
      new ResourceLimits(ByteSize.gib(1), 2, 96, 1024, ByteSize.mib(512), ByteSize.gib(1), 100_000);

  private final Path folder;
  private final Path workspace;
  private final LaunchSpec launch;
  private final Sandbox sandbox;
  private final ResourceGroups groups;
  private final ProcessStarter starter = new ProcessStarter();

  private SandboxedScript(Path folder, Sandbox sandbox, LaunchSpec launch) {
    this.folder = folder;
    this.workspace = launch.workspace();
    this.sandbox = sandbox;
    this.launch = launch;
    this.groups = ResourceGroups.find(folder);
  }

  /**
   * @param root gets a folder for it, with its workspace {@code NAME/workspace}
   * @param ports lead to sockets that listen
   */
  static SandboxedScript of(
      Path root,
      String name,
      Path script,
      List<ForwardedPort> ports,
      OptionalInt user,
      Map<String, String> variables)
      throws IOException {
    return of(root, name, script, ports, user, variables, Toolchains.NONE);
  }

  /** The same with toolchains of a developer. */
  static SandboxedScript of(
      Path root,
      String name,
      Path script,
      List<ForwardedPort> ports,
      OptionalInt user,
      Map<String, String> variables,
      Toolchains toolchains)
      throws IOException {
    Sandbox sandbox = SandboxProbe.choose(SandboxMode.BUBBLEWRAP, UserRange.DEFAULT);
    Path folder = Files.createDirectories(root.resolve(name));
    Path workspace = Files.createDirectories(folder.resolve("workspace"));
    if (sandbox.givesUsers()) {
      Files.setAttribute(workspace, "unix:uid", user.orElseThrow());
      Files.setAttribute(workspace, "unix:gid", user.orElseThrow());
    }
    PythonRuntime python = PythonRuntime.find();
    LaunchSpec launch =
        new LaunchSpec(
            name,
            "script",
            python,
            List.of(python.executable().toString(), script.toString()),
            List.of(script.getParent()),
            script.getParent(),
            workspace,
            Files.writeString(folder.resolve("ipc.sock"), ""),
            folder.resolve("temp"),
            LIMITS.scratch().bytes(),
            ports,
            sandbox.givesUsers() ? user : OptionalInt.empty(),
            variables,
            toolchains);
    launch.giveSockets();
    return new SandboxedScript(folder, sandbox, launch);
  }

  Path workspace() {
    return workspace;
  }

  AgentProcess start() throws IOException {
    return AgentProcess.start(
        launch, LIMITS, sandbox, groups, starter, new AgentLog(folder, ""), folder, () -> {});
  }

  /** Runs it to its end; returns what it printed. */
  List<String> run() throws IOException {
    AgentProcess process = start();
    process.exit().join();
    process.end();
    return output();
  }

  /** What it printed until now. */
  List<String> output() {
    try {
      return Files.readAllLines(folder.resolve("logs/agent.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    groups.close();
    starter.close();
  }
}
