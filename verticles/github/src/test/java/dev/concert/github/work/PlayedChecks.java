package dev.concert.github.work;

import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.podium.PodiumMessages.CheckOutcome;
import dev.concert.podium.PodiumMessages.RunCheck;
import dev.concert.workspace.SnapshotMessages.ForkWorkspace;
import dev.concert.workspace.SnapshotMessages.WorkspaceForked;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Commands on copies of workspaces: real files and a real shell, without the sandbox. */
final class PlayedChecks {
  private final Path root;
  private final List<String> commands = new CopyOnWriteArrayList<>();

  PlayedChecks(Vertx vertx, ConcertBus bus, Path root) {
    this.root = root;
    bus.serve(Addresses.FORK_WORKSPACE, wanted -> vertx.executeBlocking(() -> copy(wanted), false));
    bus.serve(Addresses.RUN_CHECK, wanted -> vertx.executeBlocking(() -> run(wanted), false));
    bus.serve(
        Addresses.DELETE_INSTANCE,
        wanted ->
            vertx.executeBlocking(
                () -> {
                  start(root, "rm", "-rf", wanted.instanceId()).waitFor();
                  return new Accepted();
                },
                false));
  }

  /** What ran so far. */
  List<String> commands() {
    return List.copyOf(commands);
  }

  private static Process start(Path folder, String... command) throws IOException {
    return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
  }

  private WorkspaceForked copy(ForkWorkspace wanted) throws Exception {
    String from = wanted.workspaceId().replaceFirst("^agent_", "");
    Files.createDirectories(root.resolve(from));
    start(root, "cp", "-a", from, wanted.forkId()).waitFor();
    return new WorkspaceForked(1, 1);
  }

  private CheckOutcome run(RunCheck wanted) throws Exception {
    commands.add(wanted.command());
    Process shell = start(root.resolve(wanted.instanceId()), "sh", "-c", wanted.command());
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new CheckOutcome(shell.waitFor(), "", said);
  }
}
