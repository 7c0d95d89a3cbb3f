package dev.concert.bench;

import dev.concert.platform.command.Main;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How long a delta is under way from the agent's frame to the client's frame, beside a bare Vert.x
 * relay with the same agents and the same clients in the same run.
 *
 * <p>Arguments: deltas a second for each session, then the numbers of sessions.
 */
public final class FrameLatency {
  private static final int WARM_UP_SECONDS = 8;
  private static final int MEASURED_SECONDS = 15;
  private static final int STREAM_SECONDS = 600;

  private final int rate;
  private final Path home = Path.of(System.getProperty("concert.home"));

  private FrameLatency(int rate) {
    this.rate = rate;
  }

  public static void main(String[] arguments) throws Exception {
    FrameLatency bench = new FrameLatency(Integer.parseInt(arguments[0]));
    System.out.printf(
        "| sessions | what | deltas/s | p50 ms | p99 ms | p99.9 ms | max ms"
            + " |%n|---|---|---|---|---|---|---|%n");
    for (int i = 1; i < arguments.length; i++) {
      int sessions = Integer.parseInt(arguments[i]);
      bench.report(sessions, "bare Vert.x", bench.bare(sessions));
      bench.report(sessions, "Concert", bench.concert(sessions));
    }
    System.exit(0);
  }

  private void report(int sessions, String what, Histogram seen) {
    System.out.printf(
        "| %d | %s | %.0f | %.3f | %.3f | %.3f | %.3f |%n",
        sessions,
        what,
        seen.getTotalCount() / (double) MEASURED_SECONDS,
        seen.getValueAtPercentile(50) / 1e6,
        seen.getValueAtPercentile(99) / 1e6,
        seen.getValueAtPercentile(99.9) / 1e6,
        seen.getMaxValue() / 1e6);
  }

  private String message() {
    return rate + " " + STREAM_SECONDS;
  }

  private Histogram bare(int sessions) throws Exception {
    Path folder = Files.createTempDirectory("bench");
    Path socket = folder.resolve("s");
    Vertx vertx = Vertx.vertx();
    List<Child> agents = new ArrayList<>();
    try (Child relay =
        Child.start(
            Child.java(List.of("-Xmx1g"), BareRelay.class, socket.toString(), message()),
            Map.of())) {
      int port = Integer.parseInt(relay.line("ready").split(" ")[1]);
      for (int i = 0; i < sessions; i++) {
        agents.add(
            Child.start(
                List.of("python3", "-S", home.resolve("bench/agents/stream/main.py").toString()),
                Map.of("CONCERT_IPC_SOCKET", socket.toString())));
      }
      Listeners listeners = new Listeners(vertx, sessions);
      await(listeners.connect(sessions, port, (_, _) -> {}));
      return measure(listeners);
    } finally {
      agents.forEach(Child::close);
      await(vertx.close());
    }
  }

  private Histogram concert(int sessions) throws Exception {
    Path folder = Files.createTempDirectory("bench");
    Path config = folder.resolve("concert.yaml");
    Files.writeString(
        config,
        "coordinator:\n  agents: %s\n  sandbox: process\n  readyTimeoutMs: 120000\n"
            .formatted(home.resolve("bench/agents")));
    Vertx vertx = Vertx.vertx();
    List<String> flags = new ArrayList<>(Child.usualFlags());
    flags.add("-Dconcert.home=" + home);
    try (Child server =
        Child.start(
            Child.java(
                flags,
                Main.class,
                "up",
                "--port",
                "0",
                "--data",
                folder.resolve("data").toString(),
                "--config",
                config.toString()),
            Map.of())) {
      String line = server.line("ready");
      int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
      Listeners listeners = new Listeners(vertx, sessions);
      StreamTurns turns = new StreamTurns(sessions, message());
      await(listeners.connect(sessions, port, turns::receive));
      turns.awaitRunning();
      return measure(listeners);
    } finally {
      await(vertx.close());
    }
  }

  private static Histogram measure(Listeners listeners) throws InterruptedException {
    TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
    listeners.recorder().reset();
    TimeUnit.SECONDS.sleep(MEASURED_SECONDS);
    Histogram seen = listeners.recorder().getIntervalHistogram();
    listeners.close();
    return seen;
  }

  private static void await(io.vertx.core.Future<?> future) throws Exception {
    future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.MINUTES);
  }
}
