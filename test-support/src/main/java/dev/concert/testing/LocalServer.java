package dev.concert.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of somebody else's that serves on a port of this host while a test runs. */
public final class LocalServer implements AutoCloseable {
  private final Process process;

  private LocalServer(Process process) {
    this.process = process;
  }

  /** Returns when it listens. What it says goes to the file. */
  public static LocalServer start(List<String> command, int port, Path log) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      LocalServer server = new LocalServer(process);
      Await.until(() -> listens(port) || !process.isAlive());
      if (!process.isAlive()) {
        throw new IllegalStateException("It ended before it listened: " + log);
      }
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("Is %s installed?".formatted(command.getFirst()), e);
    }
  }

  /** One that nobody listens on now. */
  public static int freePort() {
    return FreePort.find();
  }

  /** Sends a signal by its name, such as {@code STOP}. */
  public void signal(String name) {
    run(List.of("kill", "-" + name, Long.toString(process.pid())));
  }

  /** A command that ends by itself; what it says is of no interest. */
  public static void run(List<String> command) {
    try {
      new ProcessBuilder(command).redirectOutput(Redirect.DISCARD).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Kills it. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(3, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
