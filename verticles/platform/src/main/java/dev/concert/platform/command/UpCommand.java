package dev.concert.platform.command;

import dev.concert.platform.Platform;
import dev.concert.platform.server.DataPlace;
import dev.concert.platform.server.EmbeddedServer;
import dev.concert.platform.server.StopAtExit;
import dev.concert.platform.server.TerminationSignals;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
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
    description = "Runs the server, with all services in one process.",
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
      description = "Port to listen on; 0 picks a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--data",
      defaultValue = DataPlace.SHOWN,
      description = "Data folder (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Option(names = "--config", description = "YAML configuration file.")
  private Optional<Path> config;

  @Option(
      names = "--roles",
      split = ",",
      description =
          "Services of this node of a cluster: gateway, coordinator, chronicle, ensemble,"
              + " bridges. The configuration names the cluster (docs/cluster.md).")
  private List<String> roles = List.of();

  @Option(
      names = "--insecure",
      description =
          "Serve other machines without authentication: everybody who reaches this one may command"
              + " the agents.")
  private boolean insecure;

  @Override
  public Integer call() throws InterruptedException {
    CheckedPort.check(port, spec);
    Platform platform = EmbeddedServer.start(host, port, data, config, overrides());

    // Otherwise the JVM exits with 143, which a supervisor takes for a failure.
    StopAtExit.of(
        () -> {
          platform.close();
          Runtime.getRuntime().halt(0);
        });
    TerminationSignals.handle(platform::drain, platform::cutDrainShort);
    spec.commandLine()
        .getOut()
        .println(
            platform.hasGateway()
                ? "Concert is ready at " + platform.url()
                : "Concert is ready, as a node without a gateway");
    new CountDownLatch(1).await();
    return 0;
  }

  /** What the options of the command line change in the configuration. */
  private JsonObject overrides() {
    JsonObject overrides = new JsonObject();
    if (!roles.isEmpty()) {
      overrides.put("cluster", new JsonObject().put("roles", new JsonArray(roles)));
    }
    if (insecure) {
      overrides.put("gateway", new JsonObject().put("insecure", true));
    }
    return overrides;
  }
}
