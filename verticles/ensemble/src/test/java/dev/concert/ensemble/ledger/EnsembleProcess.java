package dev.concert.ensemble.ledger;

import dev.concert.bus.BusCodecs;
import dev.concert.ensemble.EnsembleVerticle;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.testing.Await;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Ensemble in a process of its own, which can be killed. Everything it says goes to a file. */
final class EnsembleProcess implements AutoCloseable {
  private static final String READY = "ready on port ";

  private final Process process;
  private final Path output;

  private EnsembleProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static EnsembleProcess start(String upstreamUrl, Path ledger, Path output) {
    try {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "--enable-native-access=ALL-UNNAMED",
                  "--sun-misc-unsafe-memory-access=allow",
                  "-cp",
                  System.getProperty("java.class.path"),
                  EnsembleProcess.class.getName(),
                  upstreamUrl,
                  ledger.toString())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      EnsembleProcess started = new EnsembleProcess(process, output);
      Await.until(() -> started.log().contains(READY) || !process.isAlive());
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process itself. */
  public static void main(String[] arguments) {
    Vertx vertx = Vertx.vertx();
    BusCodecs.register(vertx);
    EnsembleVerticle ensemble =
        new EnsembleVerticle(
            new EnsembleOptions(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    List.of(RunningEnsemble.KEY),
                    List.of(Upstream.options(arguments[0], Duration.ofSeconds(60))),
                    Duration.ZERO)
                .withLedger(Path.of(arguments[1])));
    vertx
        .deployVerticle(ensemble)
        .onSuccess(deployed -> System.out.println(READY + ensemble.actualPort() + "."))
        .onFailure(
            failure -> {
              failure.printStackTrace();
              System.exit(1);
            });
  }

  String baseUrl() {
    String log = log();
    int from = log.indexOf(READY) + READY.length();
    return "http://127.0.0.1:" + log.substring(from, log.indexOf('.', from));
  }

  String log() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As by {@code kill -9}. */
  void kill() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
