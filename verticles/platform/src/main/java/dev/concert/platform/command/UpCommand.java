package dev.concert.platform.command;

import dev.concert.platform.Platform;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code concert up}. */
@Command(
    name = "up",
    description = "Runs the server: all services in one process.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String host;

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "Port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--data",
      defaultValue = "./data",
      description = "Folder for everything that is kept (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Option(names = "--config", description = "YAML configuration file.")
  private Optional<Path> config;

  @Override
  public Integer call() throws InterruptedException {
    CheckedPort.check(port, spec);
    Platform platform = EmbeddedServer.start(host, port, data, config);
    // The JVM would end with 143, which a supervisor takes for a failure.
    StopAtExit.of(
        () -> {
          platform.close();
          Runtime.getRuntime().halt(0);
        });
    System.out.println("Concert is ready at " + platform.url());
    new CountDownLatch(1).await();
    return 0;
  }
}
