package dev.concert.platform.command.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert session unshare}. */
@Command(
    name = "unshare",
    description = "Ends a link, and every open page of it.",
    mixinStandardHelpOptions = true)
final class SessionUnshareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "SESSION", description = "Id of the session.")
  private String session;

  @Parameters(index = "1", paramLabel = "SHARE", description = "Id of the link.")
  private String share;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (SessionApi api = SessionApi.open(session)) {
      JsonNode revoked = api.delete("shares", share);
      out.printf("The link %s has ended.%n", revoked.path("shareId").asText());
    }
    return 0;
  }
}
