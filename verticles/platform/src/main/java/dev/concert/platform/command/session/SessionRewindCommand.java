package dev.concert.platform.command.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert session rewind}. */
@Command(
    name = "rewind",
    description = "Takes a session back to before a message, its files with it.",
    mixinStandardHelpOptions = true)
final class SessionRewindCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "SESSION", description = "Id of the session.")
  private String session;

  @Parameters(
      index = "1",
      paramLabel = "MESSAGE",
      description = "Id of the oldest message to leave out.")
  private String message;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (SessionApi api = SessionApi.open(session)) {
      JsonNode event = api.post("rewind", SessionApi.body().put("messageId", message));
      out.printf(
          "The session is back before this message. Files written: %d, deleted: %d.%n",
          event.path("written").asInt(), event.path("deleted").asInt());
      out.printf(
          "To bring only the files of before back, restore them to #%d.%n",
          event.path("filesBefore").asLong());
    }
    return 0;
  }
}
