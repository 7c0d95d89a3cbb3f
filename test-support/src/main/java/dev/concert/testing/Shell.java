package dev.concert.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs real programs in a folder, the way an agent does. */
public final class Shell {
  private final Path folder;

  public Shell(Path folder) {
    this.folder = folder;
  }

  /** Runs a bash script that has to succeed; answers with what it printed. */
  public String run(String script) {
    try {
      ProcessBuilder builder = new ProcessBuilder("bash", "-ec", script).redirectErrorStream(true);
      builder.directory(folder.toFile());
      builder.environment().put("HOME", folder.getParent().toString());
      builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).as("script ends: %s", script).isTrue();
      assertThat(process.exitValue()).as("%s%n%s", script, output).isZero();
      return output.strip();
    } catch (IOException e) {
      throw new AssertionError("Cannot run " + script, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted in " + script, e);
    }
  }
}
