package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.coordinator.harness.CoordinatorHarness;
import dev.concert.coordinator.harness.StandaloneCoordinator;
import dev.concert.coordinator.sandbox.SandboxMode;
import dev.concert.json.Json;
import dev.concert.testing.log.ExpectedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@ExpectedLog(
    logger = "dev.concert.coordinator.process.OrphanReaper",
    message = "Killing|cannot be read")
@Timeout(120)
@ExpectedLog(
    logger = "dev.concert.coordinator.instance.Teardown",
    message = "The agent of instance .* is gone",
    required = false)
class OrphanReaperTest {
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
    Files.createFile(folder.resolve("egress.sock"));
    Files.createFile(folder.resolve("ensemble.sock"));
    try (CoordinatorHarness coordinator = CoordinatorHarness.open(root, SandboxMode.AUTO)) {
      assertThat(orphan.waitFor(3, TimeUnit.MINUTES)).isTrue();
      assertThat(CoordinatorHarness.processesWith(socket.toString())).isEmpty();
      assertThat(folder).isEmptyDirectory();
      assertThat(coordinator.start("one").fresh()).isTrue();
    }
  }

  @Test
  void aProcessThatOnlyHasTheSameIdIsLeftAlone() throws Exception {
    Path folder = Files.createDirectories(root.resolve("instances/one"));
    Process stranger = new ProcessBuilder("sleep", "600").start();
    record(folder, stranger.pid(), 1, bootId(), folder.resolve("ipc.sock"));
    try (CoordinatorHarness coordinator = CoordinatorHarness.open(root, SandboxMode.AUTO)) {
      assertThat(stranger.isAlive()).isTrue();
      assertThat(folder).isEmptyDirectory();
      coordinator.start("one");
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void aRecordThatCannotBeReadDoesNotPreventTheStart() throws Exception {
    Path folder = Files.createDirectories(root.resolve("instances/one"));
    Files.writeString(folder.resolve("process.json"), "{half");
    try (CoordinatorHarness coordinator = CoordinatorHarness.open(root, SandboxMode.AUTO)) {
      assertThat(coordinator.start("one").fresh()).isTrue();
    }
  }

  @Test
  void theAgentOfACoordinatorThatIsKilledDiesAndTheNextOneStartsAfresh() throws Exception {
    Process jvm =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.concert.coordinator.harness.StandaloneCoordinator",
                root.toString())
            .redirectErrorStream(true)
            .start();
    try (var said = jvm.inputReader()) {
      assertThat(said.lines().anyMatch(StandaloneCoordinator.READY::equals)).isTrue();
      assertThat(CoordinatorHarness.processesWith(root.resolve("instances/one").toString()))
          .isNotEmpty();
    } finally {
      jvm.destroyForcibly().waitFor();
    }
    try (CoordinatorHarness coordinator = CoordinatorHarness.open(root, SandboxMode.AUTO)) {
      assertThat(CoordinatorHarness.processesWith(root.resolve("instances/one").toString()))
          .isEmpty();
      assertThat(coordinator.start("one").fresh()).isTrue();
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
