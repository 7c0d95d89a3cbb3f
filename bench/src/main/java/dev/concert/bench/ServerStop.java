package dev.concert.bench;

import dev.concert.platform.command.Main;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a stopped server leaves behind: sessions stream, each with its agent in a sandbox and a
 * mounted workspace, and the server gets SIGTERM. Shows how long it takes to end, and how many
 * mounts and processes are left. The exit code is 1 if any is.
 *
 * <p>Arguments: numbers of sessions.
 */
public final class ServerStop {
  private final Path home = Path.of(System.getProperty("concert.home"));

  private ServerStop() {}

  public static void main(String[] arguments) throws Exception {
    int exit = 0;
    try {
      System.out.printf(
          "| sessions | mounts before | stopped after s | mounts left | processes left |%n"
              + "|---|---|---|---|---|%n");
      for (String sessions : arguments) {
        exit |= new ServerStop().run(Integer.parseInt(sessions)) ? 0 : 1;
      }
    } catch (Exception e) {
      e.printStackTrace();
      exit = 1;
    }
    System.exit(exit);
  }

  private boolean run(int sessions) throws Exception {
    Path data = Files.createTempDirectory("bench").resolve("data");
    Path config = data.resolveSibling("concert.yaml");
    Files.writeString(
        config,
        "coordinator:\n  agents: %s\n  readyTimeoutMs: 300000\n"
            .formatted(home.resolve("bench/agents")));
    Vertx vertx = Vertx.vertx();
    List<String> flags = new ArrayList<>(Child.usualFlags());
    flags.add("-Dconcert.home=" + home);
    List<String> up =
        Child.java(
            flags,
            Main.class,
            "up",
            "--port",
            "0",
            "--data",
            data.toString(),
            "--config",
            config.toString());
    try (Child server = Child.start(up, Map.of())) {
      String line = server.line("ready");
      int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
      StreamTurns turns = new StreamTurns(sessions, "1 3600");
      await(new Listeners(vertx, sessions).connect(sessions, port, turns::receive));
      turns.awaitRunning();
      long mounts = mounts(data);
      long began = System.nanoTime();
      ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
      process.destroy();
      process.onExit().get(10, TimeUnit.MINUTES);
      double seconds = (System.nanoTime() - began) / 1e9;
      long left = mounts(data);
      long running = processes(data);
      System.out.printf("| %d | %d | %.1f | %d | %d |%n", sessions, mounts, seconds, left, running);
      return left == 0 && running == 0;
    } finally {
      await(vertx.close());
    }
  }

  private static long mounts(Path data) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mounts"))) {
      return lines.filter(line -> line.contains(data.toString())).count();
    }
  }

  /** Processes whose command names the folder: sandboxes, their relays and agents do. */
  private static long processes(Path data) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .filter(
            process ->
                process
                    .info()
                    .commandLine()
                    .filter(text -> text.contains(data.toString()))
                    .isPresent())
        .count();
  }

  private static void await(Future<?> future) throws Exception {
    future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.MINUTES);
  }
}
