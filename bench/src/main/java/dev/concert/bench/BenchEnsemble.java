package dev.concert.bench;

import dev.concert.bus.BusCodecs;
import dev.concert.ensemble.EnsembleVerticle;
import dev.concert.ensemble.config.EnsembleOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Scanner;

/**
 * Ensemble alone, with one model behind it. Arguments: the model's port; the file of its books, or
 * {@code -} for none; and on how many event loops. The last two may be missing. Prints its own
 * port, and its memory whenever a line comes in.
 */
public final class BenchEnsemble {
  static final String KEY = "key-of-the-benchmark";

  private BenchEnsemble() {}

  /** Runs until it is killed. */
  public static void main(String[] arguments) {
    Vertx vertx = Vertx.vertx();
    BusCodecs.register(vertx);
    JsonObject provider =
        new JsonObject()
            .put("name", "bench")
            .put("type", "openai-compatible")
            .put("baseUrl", "http://127.0.0.1:" + arguments[0] + "/v1")
            .put(
                "models",
                new JsonArray()
                    .add(new JsonObject().put("id", "m"))
                    // Else Ensemble asks for a stream whatever its caller wants.
                    .add(new JsonObject().put("id", "whole").put("streaming", false)));
    JsonObject config =
        new JsonObject()
            .put(
                "ensemble",
                new JsonObject()
                    .put("apiKeys", new JsonArray().add(KEY))
                    .put("providers", new JsonArray().add(provider)));
    EnsembleOptions options = EnsembleOptions.from(config, Map.of());
    EnsembleVerticle ensemble = new EnsembleVerticle(with(options, arguments));
    vertx
        .deployVerticle(ensemble)
        .onSuccess(deployed -> System.out.println("ready " + ensemble.actualPort()))
        .onFailure(failure -> System.out.println("failed " + failure));
    tellMemory();
  }

  private static EnsembleOptions with(EnsembleOptions options, String... arguments) {
    boolean books = arguments.length > 1 && !arguments[1].equals("-");
    EnsembleOptions kept = books ? options.withLedger(Path.of(arguments[1])) : options;
    return arguments.length > 2 ? kept.withEventLoops(Integer.parseInt(arguments[2])) : kept;
  }

  /** Bytes of the heap that are in use after a collection, and milliseconds of processor time. */
  private static void tellMemory() {
    Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8);
    while (lines.hasNextLine()) {
      lines.nextLine();
      System.gc();
      long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      long cpu = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
      System.out.println("memory " + heap + " " + cpu);
    }
  }
}
