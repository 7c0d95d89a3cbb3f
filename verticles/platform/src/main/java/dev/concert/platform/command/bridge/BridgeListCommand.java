package dev.concert.platform.command.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code concert bridge list}. */
@Command(
    name = "list",
    description = "Lists the bridges and how each is.",
    mixinStandardHelpOptions = true)
final class BridgeListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (BridgeApi api = BridgeApi.open()) {
      for (JsonNode bridge : api.list().path("bridges")) {
        out.printf(
            "%s  %s  %s  %s  %s%n",
            bridge.path("connectionId").asText(),
            bridge.path("platform").asText(),
            bridge.path("accountName").asText(),
            bridge.path("name").asText(),
            bridge.path("health").asText());
      }
    }
    return 0;
  }
}
