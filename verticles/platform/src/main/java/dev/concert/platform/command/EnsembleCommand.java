package dev.concert.platform.command;

import dev.concert.foundation.config.ConfigException;
import dev.concert.platform.ConfigSource;
import dev.concert.platform.EnsembleServer;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.server.DataPlace;
import dev.concert.platform.server.EmbeddedServer;
import dev.concert.platform.server.StopAtExit;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code concert ensemble}. */
@Command(
    name = "ensemble",
    description = "Runs only the LLM gateway, for programs that need models and no agents.",
    mixinStandardHelpOptions = true)
final class EnsembleCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Spec private CommandSpec spec;

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String host;

  @Option(
      names = "--port",
      defaultValue = "8090",
      description = "Port to listen on; 0 picks a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--data",
      defaultValue = DataPlace.SHOWN,
      description = "Data folder, with the keys and the usage ledger (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Option(
      names = "--config",
      description =
          "YAML configuration file. Changes of providers, models and prices take effect at once.")
  private Optional<Path> config;

  @Option(
      names = "--check",
      description =
          "Asks the Ensemble that listens on --port of this machine whether it is healthy, and"
              + " ends: 0 says that it is.")
  private boolean check;

  @Override
  public Integer call() throws InterruptedException {
    CheckedPort.check(port, spec);
    if (check) {
      return isHealthy() ? 0 : 1;
    }
    EnsembleServer server = start(new ConfigSource(config, EmbeddedServer.home()));
    // Otherwise the JVM exits with 143, which a supervisor takes for a failure.
    StopAtExit.of(
        () -> {
          server.close();
          Runtime.getRuntime().halt(0);
        });
    spec.commandLine().getOut().println("Ensemble is ready at " + server.url());
    new CountDownLatch(1).await();
    return 0;
  }

  private boolean isHealthy() throws InterruptedException {
    URI health = URI.create("http://127.0.0.1:" + port + "/api/v1/health");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
              .send(
                  HttpRequest.newBuilder(health).timeout(PATIENCE).build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException gone) {
      spec.commandLine().getErr().println("Nothing answers at " + health + ".");
      return false;
    }
  }

  private EnsembleServer start(ConfigSource source) {
    try {
      return EnsembleServer.start(
          new PlatformOptions(host, port, data, source.home(), source.read()), source);
    } catch (ConfigException wrong) {
      throw source.explain(wrong);
    }
  }
}
