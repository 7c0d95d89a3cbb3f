package dev.concert.platform.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real program, such as {@code concert up}, in a process of its own on a free port. */
public final class ServerProcess implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile("(?:Concert|Ensemble) is ready(?: at (http\\S+)|, as a node.*)\n");

  /** Of a server without one of its own. */
  private static final Path CONFIGURATION = writeConfiguration();

  private final Process process;
  private final Path out;
  private final Path err;
  private final String url;
  private final int untilReady;

  private ServerProcess(Process process, Path out, Path err, boolean inCluster) {
    this.process = process;
    this.out = out;
    this.err = err;
    this.url = awaitReady();
    // A node joins its cluster while it starts, which takes most of a loaded machine.
    this.untilReady = inCluster ? complaints().length() : 0;
  }

  /** Starts it on this data folder; returns when clients can connect. */
  public static ServerProcess start(Path data) {
    return start(data, Map.of());
  }

  /** The same with more in its environment. */
  public static ServerProcess start(Path data, Map<String, String> environment) {
    return start("up", data, environment);
  }

  /** The same on a port that an earlier one had. */
  public static ServerProcess start(Path data, int port) {
    return start("up", port, data, Map.of());
  }

  /** Another command that serves, {@code concert ensemble}. */
  public static ServerProcess start(
      String command, Path data, Map<String, String> environment, String... more) {
    return start(command, 0, data, environment, more);
  }

  private static ServerProcess start(
      String command, int port, Path data, Map<String, String> environment, String... more) {
    try {
      Path out = Files.createTempFile("concert-up", ".out");
      Path err = Files.createTempFile("concert-up", ".err");
      List<String> arguments =
          new ArrayList<>(
              List.of(command, "--port", Integer.toString(port), "--data", data.toString()));
      arguments.addAll(List.of(more));
      if (command.equals("up") && !arguments.contains("--config")) {
        arguments.addAll(List.of("--config", CONFIGURATION.toString()));
      }
      return new ServerProcess(
          Program.start(Program.home(), arguments, environment, out, err),
          out,
          err,
          arguments.contains("--roles"));
    } catch (IOException e) {
      throw new AssertionError("The server could not be started", e);
    }
  }

  private static Path writeConfiguration() {
    try {
      Path file = Files.createTempFile("concert-up", ".yaml");
      file.toFile().deleteOnExit();
      return Files.writeString(
          file, "coordinator: {readyTimeoutMs: %d}".formatted(Program.AGENT_READY.toMillis()));
    } catch (IOException e) {
      throw new AssertionError("The configuration cannot be written", e);
    }
  }

  private String awaitReady() {
    try {
      Await.until(
          "the server's ready line", () -> !process.isAlive() || READY.matcher(said(out)).find());
    } catch (AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
    Matcher ready = READY.matcher(said(out));
    assertThat(ready.find()).as("a ready line in: %s%n%s", said(out), said(err)).isTrue();
    return Optional.ofNullable(ready.group(1)).orElse("");
  }

  /** Where clients connect to; empty for a node without a gateway. */
  public String url() {
    return url;
  }

  public long pid() {
    return process.pid();
  }

  /** What it said on standard error. */
  public String complaints() {
    return said(err);
  }

  private static String said(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError("What the server said cannot be read", e);
    }
  }

  /** {@code kill -9}; returns when it is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitExit(Duration.ofMinutes(3));
  }

  /** SIGTERM; gives the exit code. */
  public int terminate() {
    sendTerminate();
    return awaitExit();
  }

  /** SIGTERM; does not wait. */
  public void sendTerminate() {
    process.destroy();
  }

  /** Waits until it has ended by itself; gives the exit code. */
  public int awaitExit() {
    return awaitExit(Duration.ofMinutes(3));
  }

  /** Stops the process where it is: it neither answers nor ends. */
  public void pause() {
    signal("STOP");
  }

  /** Lets a paused process go on. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start();
      assertThat(kill.waitFor()).as("exit code of kill -%s", name).isZero();
    } catch (IOException e) {
      throw new AssertionError("The signal " + name + " could not be sent", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while a signal was sent", e);
    }
  }

  private int awaitExit(Duration timeout) {
    try {
      assertThat(process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS))
          .as("the server ended within %s; it said:%n%s", timeout, complaints())
          .isTrue();
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while the server ended", e);
    }
  }

  /** Ends it if it runs, and fails when it complained of a blocked thread while it ran. */
  @Override
  public void close() {
    try {
      if (process.isAlive()) {
        terminate();
      }
      assertThat(HostWarnings.removedFrom(complaints().substring(untilReady)))
          .doesNotContain("has been blocked for");
    } finally {
      process.destroyForcibly();
      delete(out);
      delete(err);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new AssertionError("A temporary file cannot be removed", e);
    }
  }
}
