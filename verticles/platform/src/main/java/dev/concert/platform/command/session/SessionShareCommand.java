package dev.concert.platform.command.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert session share}. */
@Command(
    name = "share",
    description = "Makes a link by which anybody who has it reads the session.",
    mixinStandardHelpOptions = true)
final class SessionShareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "SESSION", description = "Id of the session.")
  private String session;

  @Option(
      names = "--hours",
      defaultValue = "168",
      description = "For how long the link works (default: ${DEFAULT-VALUE}).")
  private int hours;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (SessionApi api = SessionApi.open(session)) {
      JsonNode created = api.post("shares", SessionApi.body().put("expiresInHours", hours));
      out.println(api.address(created.path("path").asText()));
      out.printf(
          "Works until %s. Shown once; end it with: concert session unshare %s %s%n",
          Instant.ofEpochMilli(created.path("share").path("expiresAt").asLong()),
          session,
          created.path("share").path("shareId").asText());
    }
    return 0;
  }
}
