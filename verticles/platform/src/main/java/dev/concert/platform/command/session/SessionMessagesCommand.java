package dev.concert.platform.command.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.client.Style;
import dev.concert.text.ShortText;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert session messages}. */
@Command(
    name = "messages",
    description = "Lists the messages of a session with their ids.",
    mixinStandardHelpOptions = true)
final class SessionMessagesCommand implements Callable<Integer> {
  private static final int WIDTH = 80;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "SESSION", description = "Id of the session.")
  private String session;

  @Option(
      names = "--limit",
      defaultValue = "50",
      description = "How many of the latest messages (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (SessionApi api = SessionApi.open(session)) {
      for (JsonNode message : api.get("messages?limit=" + limit).path("messages")) {
        String text =
            Style.harmless(message.path("content").asText()).strip().replaceAll("\\s+", " ");
        out.printf(
            "%s  %-9s  %s%n",
            message.path("messageId").asText(),
            message.path("role").asText(),
            ShortText.of(text, WIDTH));
      }
    }
    return 0;
  }
}
