package dev.concert.platform.command.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code concert bridge pair}. */
@Command(
    name = "pair",
    description = "Gets a code by which you tell a chat bot who you are.",
    mixinStandardHelpOptions = true)
final class BridgePairCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try (BridgeApi api = BridgeApi.open()) {
      JsonNode code = api.pairingCode();
      spec.commandLine()
          .getOut()
          .printf(
              "Send this to the bot in a direct message, until %s:%n  pair %s%n",
              Instant.ofEpochMilli(code.path("expiresAt").asLong()), code.path("code").asText());
    }
    return 0;
  }
}
