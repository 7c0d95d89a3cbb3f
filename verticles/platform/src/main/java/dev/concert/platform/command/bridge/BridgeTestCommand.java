package dev.concert.platform.command.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert bridge test}. Ends with 1 where the platform does not take the credentials. */
@Command(
    name = "test",
    description = "Asks the platform whether it takes the credentials of a bridge.",
    mixinStandardHelpOptions = true)
final class BridgeTestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "BRIDGE", description = "Id of the bridge.")
  private String bridge;

  @Override
  public Integer call() {
    try (BridgeApi api = BridgeApi.open()) {
      JsonNode tested = api.test(bridge);
      spec.commandLine().getOut().println(tested.path("message").asText());
      return tested.path("ok").asBoolean() ? 0 : 1;
    }
  }
}
