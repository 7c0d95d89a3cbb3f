package dev.concert.platform.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a server on a data folder leaves on its machine: mounts and agent processes. */
public final class Leftovers {
  private final String data;

  public Leftovers(Path data) {
    this.data = data.toAbsolutePath().toString();
  }

  /** The mounts below the data folder. */
  public List<String> mounts() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return lines.filter(line -> line.contains(" " + data)).toList();
    } catch (IOException e) {
      throw new AssertionError("The mounts cannot be read", e);
    }
  }

  /**
   * The sandboxes and agents that work below the data folder: the sandbox names it on its command
   * line, and what runs inside one has a mount from it.
   */
  public List<String> agents() {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(process -> process.getFileName().toString().matches("\\d+"))
          .filter(process -> isAgent(process))
          .map(process -> process.getFileName() + " " + text(process.resolve("cmdline")))
          .toList();
    } catch (IOException e) {
      throw new AssertionError("The processes cannot be read", e);
    }
  }

  private boolean isAgent(Path process) {
    String command = text(process.resolve("cmdline"));
    return (command.contains("bwrap") && command.contains(data))
        || text(process.resolve("environ")).contains("CONCERT_IPC_SOCKET=" + data);
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }

  /** Fails unless everything is gone within a moment. */
  public void verifyNone() {
    Await.until("the agents of " + data + " to be gone", () -> agents().isEmpty());
    assertThat(mounts()).as("mounts left over").isEmpty();
  }
}
