package dev.concert.coordinator.sandbox;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a program said that ends by itself and says little.
 *
 * @param exitCode -1 when it had to be killed
 * @param output its output and errors, without the space around them
 */
record BriefCommand(int exitCode, String output) {
  private static final long PATIENCE_S = 10;

  /**
   * Runs a program. Blocks for at most 10 s; the output must fit a pipe.
   *
   * @throws InterruptedIOException when this thread was told to stop: that says nothing of the
   *     program
   */
  static BriefCommand run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      boolean ended = process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
      // A program that hangs keeps its pipe open, so only the output of one that ended is read.
      return ended
          ? new BriefCommand(
              process.exitValue(),
              new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
          : new BriefCommand(-1, "no answer within " + PATIENCE_S + " s");
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
