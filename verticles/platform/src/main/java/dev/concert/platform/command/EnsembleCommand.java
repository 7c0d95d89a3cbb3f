package dev.concert.platform.command;

import dev.concert.ensemble.WrongSetting;
import dev.concert.platform.ConfigSource;
import dev.concert.platform.EnsembleServer;
import dev.concert.platform.PlatformOptions;
import java.nio.file.Path;
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
    description = "Runs the inference gateway alone, for clients that bring their own agents.",
    mixinStandardHelpOptions = true)
final class EnsembleCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String host;

  @Option(
      names = "--port",
      defaultValue = "8090",
      description = "Port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--data",
      defaultValue = "./data",
      description = "Folder of keys and of the ledger (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Option(
      names = "--config",
      description =
          "YAML configuration file; providers, models and prices are read again when it changes.")
  private Optional<Path> config;

  @Override
  public Integer call() throws InterruptedException {
    CheckedPort.check(port, spec);
    EnsembleServer server = start(new ConfigSource(config, EmbeddedServer.home()));
    // The JVM would end with 143, which a supervisor takes for a failure.
    StopAtExit.of(
        () -> {
          server.close();
          Runtime.getRuntime().halt(0);
        });
    System.out.println("Ensemble is ready at " + server.url());
    new CountDownLatch(1).await();
    return 0;
  }

  private EnsembleServer start(ConfigSource source) {
    try {
      return EnsembleServer.start(
          new PlatformOptions(host, port, data, source.home(), source.read()), source);
    } catch (WrongSetting wrong) {
      throw source.explain(wrong);
    }
  }
}
