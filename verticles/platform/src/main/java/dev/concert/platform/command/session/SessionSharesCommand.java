package dev.concert.platform.command.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert session shares}. */
@Command(
    name = "shares",
    description = "Lists the links of a session that work.",
    mixinStandardHelpOptions = true)
final class SessionSharesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "SESSION", description = "Id of the session.")
  private String session;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (SessionApi api = SessionApi.open(session)) {
      for (JsonNode share : api.get("shares").path("shares")) {
        out.printf(
            "%s  until %s  by %s%n",
            share.path("shareId").asText(),
            Instant.ofEpochMilli(share.path("expiresAt").asLong()),
            share.path("createdBy").asText());
      }
    }
    return 0;
  }
}
