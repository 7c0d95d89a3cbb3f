package dev.concert.platform.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Runs the program Litestream. Blocks. */
final class Litestream {
  private static final String INSTALL =
      " Install it (npm install @flydotio/litestream has it), and name it in backup.litestream.";

  private Litestream() {}

  /**
   * @throws BackupException where the program is missing
   */
  static void require(String program) {
    run(List.of(program, "version"));
  }

  /**
   * Runs it to its end.
   *
   * @throws BackupException with what it said, where it fails
   */
  static void run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new BackupException(
            "Litestream failed: " + Stream.of(said.strip().split("\n")).toList().getLast());
      }
    } catch (IOException e) {
      throw new BackupException(
          "Litestream ('%s') cannot be run.".formatted(command.getFirst()) + INSTALL, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackupException("Litestream was interrupted.", e);
    }
  }
}
