package dev.concert.bench;

import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.tenant.Tenants;
import dev.concert.platform.command.Main;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Many tenants at once, beside as many members of one tenant in the same run. Each signs in with a
 * token of its own, creates a session and streams a turn. Shows how long it takes until all turns
 * run, how long a delta is under way, and what memory and files the server has then.
 *
 * <p>Arguments: tenants, deltas a second for each session.
 */
public final class ActiveTenants {
  private static final int WARM_UP_SECONDS = 8;
  private static final int MEASURED_SECONDS = 15;

  private final Path home = Path.of(System.getProperty("concert.home"));
  private final Vertx vertx = Vertx.vertx();
  private final int clients;
  private final String text;

  private ActiveTenants(int clients, int rate) {
    this.clients = clients;
    this.text = rate + " 600";
  }

  public static void main(String[] arguments) throws Exception {
    int exit = 1;
    try {
      var bench = new ActiveTenants(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
      System.out.printf(
          "| tenants | members | all turns run after s | p50 ms | p99 ms | MiB | open files |%n"
              + "|---|---|---|---|---|---|---|%n");
      bench.run(1);
      bench.run(bench.clients);
      exit = 0;
    } catch (Exception e) {
      e.printStackTrace();
    } finally {
      System.exit(exit);
    }
  }

  private void run(int tenants) throws Exception {
    Path folder = Files.createTempDirectory("bench");
    TokenIssuer issuer = new TokenIssuer(vertx);
    Path config = folder.resolve("concert.yaml");
    Files.writeString(
        config,
        issuer.configuration()
            + "coordinator:\n  agents: %s\n  sandbox: process\n  readyTimeoutMs: 120000\n"
                .formatted(home.resolve("bench/agents")));
    Path data = folder.resolve("data");
    create(data.resolve("tenants"), tenants);
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
    try (Child server = Child.start(up, Map.of("AUTH_URL", issuer.url()))) {
      String line = server.line("ready");
      int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
      Listeners listeners = new Listeners(vertx, clients);
      StreamTurns turns = new StreamTurns(clients, text);
      AtomicInteger number = new AtomicInteger();
      long began = System.nanoTime();
      await(
          listeners.connect(
              clients,
              port,
              (socket, frame) -> {
                if (frame.contains("\"connected\"")) {
                  int mine = number.getAndIncrement();
                  socket.writeTextMessage(
                      new JsonObject()
                          .put("type", "authenticate")
                          .put("token", issuer.token("t" + mine % tenants, mine))
                          .encode());
                } else {
                  turns.receive(socket, frame);
                }
              }));
      turns.awaitRunning();
      double seconds = (System.nanoTime() - began) / 1e9;
      TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
      listeners.recorder().reset();
      TimeUnit.SECONDS.sleep(MEASURED_SECONDS);
      report(tenants, seconds, listeners.recorder().getIntervalHistogram(), server.pid());
      listeners.close();
    }
  }

  private void report(int tenants, double seconds, Histogram seen, long pid) throws IOException {
    System.out.printf(
        "| %d | %d | %.1f | %.3f | %.3f | %d | %d |%n",
        tenants,
        clients,
        seconds,
        seen.getValueAtPercentile(50) / 1e6,
        seen.getValueAtPercentile(99) / 1e6,
        residentMib(pid),
        openFiles(pid));
  }

  private static long residentMib(long pid) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      String kib = lines.filter(line -> line.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(kib.replaceAll("\\D", "")) / 1024;
    }
  }

  private static long openFiles(long pid) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return files.count();
    }
  }

  private void create(Path folder, int count) throws Exception {
    Files.createDirectories(folder);
    Registries registries = new Registries(vertx, folder);
    Tenants tenants = new Tenants(registries);
    for (int i = 0; i < count; i++) {
      await(tenants.create("t" + i, "t" + i, "owner@example.com"));
    }
    await(registries.close());
  }

  private static void await(Future<?> future) throws Exception {
    future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.MINUTES);
  }
}
