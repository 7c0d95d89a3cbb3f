package dev.concert.ensemble.nodes;

import dev.concert.bus.BusCodecs;
import dev.concert.ensemble.EnsembleVerticle;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.testing.Await;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Ensemble in a process of its own, which a test can kill. */
public final class NodeProcess implements AutoCloseable {
  private static final String READY = "listening on ";

  private final Process process;
  private final int port;

  private NodeProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * @param config with the section {@code ensemble}
   */
  static NodeProcess start(JsonObject config, Path log) {
    return start(config, Map.of(), log);
  }

  /**
   * @param config with the section {@code ensemble}
   * @param environment its variables, beside those of this process
   */
  public static NodeProcess start(JsonObject config, Map<String, String> environment, Path log) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Xmx256m",
                  "-Dlogback.configurationFile="
                      + System.getProperty("logback.configurationFile", ""),
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  NodeProcess.class.getName(),
                  config.encode())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      Await.until(() -> !process.isAlive() || port(log).isPresent());
      return new NodeProcess(
          process,
          port(log)
              .orElseThrow(() -> new IllegalStateException("It ended before it listened: " + log)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OptionalInt port(Path log) {
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .filter(line -> line.startsWith(READY))
          .mapToInt(line -> Integer.parseInt(line.substring(READY.length())))
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  /** As {@code kill -9} does. */
  public void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(3, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  /** What runs in the process. */
  public static void main(String[] arguments) {
    Vertx vertx = Vertx.vertx();
    BusCodecs.register(vertx);
    EnsembleVerticle verticle =
        new EnsembleVerticle(EnsembleOptions.from(new JsonObject(arguments[0]), System.getenv()));
    vertx
        .deployVerticle(verticle)
        .onSuccess(deployed -> System.out.println(READY + verticle.actualPort()))
        .onFailure(
            failure -> {
              failure.printStackTrace();
              System.exit(1);
            });
  }
}
