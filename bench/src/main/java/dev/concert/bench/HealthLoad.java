package dev.concert.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many requests for {@code /health} a second the gateway answers, beside a bare Vert.x handler
 * with the same callers in the same run.
 *
 * <p>Arguments: seconds of each row, callers.
 */
public final class HealthLoad {
  private static final int ROUNDS = 3;

  private final int seconds;
  private final int callers;

  private HealthLoad(int seconds, int callers) {
    this.seconds = seconds;
    this.callers = callers;
  }

  public static void main(String[] arguments) throws Exception {
    HealthLoad bench =
        new HealthLoad(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    System.out.printf("| what | callers | answers/s | failed |%n|---|---|---|---|%n");
    bench.run();
    System.exit(0);
  }

  private void run() throws Exception {
    Path data = Files.createTempDirectory("bench").resolve("d");
    String concert = Path.of(System.getProperty("concert.home"), "concert").toString();
    try (Child bare =
            Child.start(
                Child.java(List.of("-Xmx512m", "-XX:+UseSerialGC"), BareHandler.class), Map.of());
        Child server =
            Child.start(
                List.of(concert, "up", "--port", "0", "--data", data.toString()), Map.of())) {
      int barePort = Integer.parseInt(bare.line("ready").split(" ")[1]);
      String line = server.line("ready");
      int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
      for (int round = 0; round < ROUNDS; round++) {
        measure("bare Vert.x", barePort);
        measure("Concert", port);
      }
    }
  }

  private void measure(String what, int port) throws Exception {
    Vertx vertx = Vertx.vertx();
    Load load =
        new Load(
            vertx.createHttpClient(
                new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(callers)),
            port);
    for (int i = 0; i < callers; i++) {
      load.next();
    }
    TimeUnit.SECONDS.sleep(seconds);
    long before = load.answers.sum();
    long began = System.nanoTime();
    TimeUnit.SECONDS.sleep(seconds);
    double rate = (load.answers.sum() - before) / ((System.nanoTime() - began) / 1e9);
    load.running = false;
    System.out.printf("| %s | %d | %.0f | %d |%n", what, callers, rate, load.failures.sum());
    vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  /** Each caller asks again as soon as it was answered. */
  private static final class Load {
    private final HttpClientAgent client;
    private final int port;
    private final LongAdder answers = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile boolean running = true;

    Load(HttpClientAgent client, int port) {
      this.client = client;
      this.port = port;
    }

    void next() {
      client
          .request(HttpMethod.GET, port, "127.0.0.1", "/health")
          .compose(request -> request.send())
          .compose(HttpClientResponse::body)
          .onComplete(
              answer -> {
                (answer.succeeded() ? answers : failures).increment();
                if (running) {
                  next();
                }
              });
    }
  }
}
