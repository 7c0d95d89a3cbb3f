package dev.concert.platform.command.bridge;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert bridge remove}. */
@Command(
    name = "remove",
    description = "Removes a bridge and its secrets. Its sessions stay.",
    mixinStandardHelpOptions = true)
final class BridgeRemoveCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "BRIDGE", description = "Id of the bridge.")
  private String bridge;

  @Override
  public Integer call() {
    try (BridgeApi api = BridgeApi.open()) {
      api.remove(bridge);
      spec.commandLine().getOut().printf("removed %s%n", bridge);
    }
    return 0;
  }
}
