package dev.concert.platform.command.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.client.GatewayApi;
import dev.concert.platform.server.CommandServer;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert sessions}. */
@Command(
    name = "sessions",
    description = "Lists your sessions, the one in which something happened last first.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "`concert turn --session ID TEXT` continues one, `concert turn --continue TEXT` the first."
    })
public final class SessionsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "WORD",
      arity = "0..1",
      description = "Show only sessions with this in their name.")
  private Optional<String> word;

  @Option(names = "--archived", description = "Show archived sessions too.")
  private boolean archived;

  @Option(names = "--json", description = "Print one JSON object per line.")
  private boolean json;

  @Override
  public Integer call() {
    try (CommandServer server = CommandServer.open();
        GatewayApi api = new GatewayApi(server.url(), server.token())) {
      List<JsonNode> found = new ListedSessions(api).named(word.orElse(""), archived);
      PrintWriter out = spec.commandLine().getOut();
      if (found.isEmpty() && !json) {
        out.println(
            word.isPresent()
                ? "No session has that in its name."
                : "There is no session yet. Begin one: concert turn \"…\"");
      }
      found.forEach(
          session -> out.println(json ? session.toString() : ListedSessions.line(session)));
      out.flush();
    }
    return 0;
  }
}
