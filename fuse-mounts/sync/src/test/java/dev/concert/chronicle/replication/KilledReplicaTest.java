package dev.concert.chronicle.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.replication.master.Master;
import dev.concert.chronicle.replication.master.MasterOptions;
import dev.concert.chronicle.replication.transport.UnixListener;
import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A longer campaign: {@code -Dconcert.replication.kills=100}. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class KilledReplicaTest {
  private static final int KILLS = Integer.getInteger("concert.replication.kills", 3);

  @TempDir Path home;

  @Test
  void aReplicaThatIsKilledInTheMiddleConverges() throws Exception {
    Path folder = Files.createDirectory(home.resolve("folder"));
    Path socket = home.resolve("c.sock");
    Random random = new Random(KILLS);
    try (LiveWorkspace workspace = new LiveWorkspace(home.resolve("w"));
        Master master = new Master("w", workspace, MasterOptions.of(home.resolve("staging")));
        UnixListener listener = UnixListener.listen(socket, master::accept)) {
      workspace.onIterations(master::advanced);
      Map<String, String> mine = new HashMap<>();
      for (int i = 0; i <= KILLS; i++) {
        Process process = ReplicaProcess.start(folder, home.resolve("state"), socket);
        try {
          Await.until(() -> master.replicas() == 1);
          edit(random, i, folder, workspace, mine);
          if (i < KILLS) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(60)));
          } else {
            Await.until(() -> contents(folder).equals(texts(workspace)));
          }
        } finally {
          // SIGKILL
          process.destroyForcibly().waitFor();
        }
        Await.until(() -> master.replicas() == 0);
      }
      assertThat(contents(folder)).isEqualTo(texts(workspace)).hasSizeGreaterThan(20);
      assertThat(mine.values()).allMatch(workspace::everHad, "is known to the workspace");
      assertThat(listener).isNotNull();
    }
  }

  /** Both sides write, partly the same files, some of them large. */
  private static void edit(
      Random random, int round, Path folder, LiveWorkspace workspace, Map<String, String> mine)
      throws IOException {
    for (int i = 0; i < 60; i++) {
      String name = (random.nextBoolean() ? "d/" : "") + "f" + random.nextInt(25);
      String content =
          "%d/%d ".formatted(round, i) + "x".repeat(random.nextInt(10) == 0 ? 200_000 : 10);
      if (random.nextBoolean()) {
        workspace.writes(name, "agent " + content);
      } else {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Path aside = file.resolveSibling(".#" + file.getFileName());
        Files.writeString(aside, "user " + content);
        Files.move(aside, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        mine.put(name, "user " + content);
      }
    }
  }

  private static Map<String, String> contents(Path folder) {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        found.put(folder.relativize(file).toString(), shortened(Files.readString(file)));
      }
    } catch (IOException | java.io.UncheckedIOException changing) {
      return Map.of();
    }
    return found;
  }

  private static Map<String, String> texts(LiveWorkspace workspace) {
    Map<String, String> found = new TreeMap<>();
    workspace.contents().forEach((path, text) -> found.put(path, shortened(text)));
    return found;
  }

  private static String shortened(String text) {
    return text.length() + " " + text.substring(0, Math.min(20, text.length()));
  }
}
