package dev.concert.coordinator.sandbox;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a program said that ends by itself and says little.
 *
 * @param exitCode -1 when it had to be killed
 * @param output its output and errors, without the space around them
 */
record ShortProcess(int exitCode, String output) {
  private static final long TIMEOUT_S = 10;

  /** Runs a program that reads nothing. */
  static ShortProcess run(List<String> command) throws IOException {
    return run(command, new byte[0]);
  }

  /**
   * Runs a program. Blocks for at most 10 s; input and output must each fit a pipe.
   *
   * @throws InterruptedIOException when this thread is interrupted, which says nothing about the
   *     program
   */
  static ShortProcess run(List<String> command, byte[] input) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      try (OutputStream out = process.getOutputStream()) {
        out.write(input);
      }
      boolean ended = process.waitFor(TIMEOUT_S, TimeUnit.SECONDS);
      // A program that hangs keeps its pipe open, so only the output of one that ended is read.
      return ended
          ? new ShortProcess(
              process.exitValue(),
              new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
          : new ShortProcess(-1, "no answer within " + TIMEOUT_S + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException)
          new InterruptedIOException("Interrupted while " + command.getFirst() + " ran")
              .initCause(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
