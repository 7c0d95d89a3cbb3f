package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Json;
import dev.concert.coordinator.bench.LonelyCoordinator;
import dev.concert.coordinator.bench.Stage;
import dev.concert.coordinator.sandbox.SandboxMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class LeftOverTest {
  @TempDir Path root;

  @Test
  void theAgentsOfAKilledCoordinatorAreKilledBeforeTheNextOneServes() throws Exception {
    Path folder = Files.createDirectories(root.resolve("instances/one"));
    Path socket = folder.resolve("ipc.sock");
    Process orphan = orphan(socket, "setsid setsid sleep 600 & exec sleep 600");
    Path proc = Path.of("/proc/" + orphan.pid() + "/stat");
    String[] stat = Files.readString(proc).split(" ");
    record(folder, orphan.pid(), Long.parseLong(stat[21]), bootId(), socket);
    Files.createDirectories(folder.resolve("scratch/inner"));
    Files.createFile(socket);
    try (Stage stage = Stage.open(root, SandboxMode.AUTO)) {
      assertThat(orphan.waitFor(5, TimeUnit.SECONDS)).isTrue();
      assertThat(Stage.processesWith(socket.toString())).isEmpty();
      assertThat(folder).isEmptyDirectory();
      assertThat(stage.start("one").fresh()).isTrue();
    }
  }

  @Test
  void aProcessThatOnlyHasTheSameIdIsLeftAlone() throws Exception {
    Path folder = Files.createDirectories(root.resolve("instances/one"));
    Process stranger = new ProcessBuilder("sleep", "600").start();
    record(folder, stranger.pid(), 1, bootId(), folder.resolve("ipc.sock"));
    try (Stage stage = Stage.open(root, SandboxMode.AUTO)) {
      assertThat(stranger.isAlive()).isTrue();
      assertThat(folder).isEmptyDirectory();
      stage.start("one");
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void aRecordThatCannotBeReadDoesNotPreventTheStart() throws Exception {
    Path folder = Files.createDirectories(root.resolve("instances/one"));
    Files.writeString(folder.resolve("process.json"), "{half");
    try (Stage stage = Stage.open(root, SandboxMode.AUTO)) {
      assertThat(stage.start("one").fresh()).isTrue();
    }
  }

  @Test
  void theAgentOfACoordinatorThatIsKilledDiesAndTheNextOneStartsAfresh() throws Exception {
    Process jvm =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.concert.coordinator.bench.LonelyCoordinator",
                root.toString())
            .redirectErrorStream(true)
            .start();
    try (var said = jvm.inputReader()) {
      assertThat(said.lines().anyMatch(LonelyCoordinator.READY::equals)).isTrue();
      assertThat(Stage.processesWith(root.resolve("instances/one").toString())).isNotEmpty();
    } finally {
      jvm.destroyForcibly().waitFor();
    }
    try (Stage stage = Stage.open(root, SandboxMode.AUTO)) {
      assertThat(Stage.processesWith(root.resolve("instances/one").toString())).isEmpty();
      assertThat(stage.start("one").fresh()).isTrue();
    }
  }

  private static Process orphan(Path socket, String script) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script);
    builder.environment().put("CONCERT_IPC_SOCKET", socket.toString());
    return builder.start();
  }

  private static void record(Path folder, long pid, long ticks, String boot, Path socket)
      throws IOException {
    Json.MAPPER.writeValue(
        folder.resolve("process.json").toFile(),
        Map.of("pid", pid, "start_ticks", ticks, "boot", boot, "socket", socket.toString()));
  }

  private static String bootId() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }
}
