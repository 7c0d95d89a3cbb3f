package dev.concert.coordinator.harness;

import dev.concert.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a coordinator's processes look like from outside. */
public final class ChildProcesses {
  private ChildProcesses() {}

  /** Kills the agent of an instance as an operator would, by the recorded process id. */
  public static void killAgentOf(Path instanceFolder) {
    try {
      long pid =
          Json.MAPPER
              .readTree(instanceFolder.resolve("process.json").toFile())
              .path("pid")
              .asLong();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names of the control groups that coordinators of this host have. */
  public static List<String> controlGroups() {
    return Stream.of("/sys/fs/cgroup/pids/concert", "/sys/fs/cgroup/concert")
        .map(Path::of)
        .filter(Files::isDirectory)
        .flatMap(ChildProcesses::list)
        .map(group -> group.getFileName().toString())
        .toList();
  }

  private static Stream<Path> list(Path folder) {
    try {
      return Files.list(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
