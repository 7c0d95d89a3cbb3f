package dev.concert.platform.command.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code concert session fork}. */
@Command(
    name = "fork",
    description = "Makes a new session of a session, up to one of its messages.",
    mixinStandardHelpOptions = true)
final class SessionForkCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "SESSION", description = "Id of the session.")
  private String session;

  @Option(
      names = "--message",
      paramLabel = "MESSAGE",
      description = "Id of the last message that the new session has (default: the latest).")
  private Optional<String> message;

  @Option(names = "--name", description = "Name of the new session (default: the same name).")
  private Optional<String> name;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (SessionApi api = SessionApi.open(session)) {
      ObjectNode body = SessionApi.body();
      message.ifPresent(id -> body.put("messageId", id));
      name.ifPresent(text -> body.put("name", text));
      JsonNode created = api.post("fork", body);
      out.printf("session %s%n", created.path("session").path("id").asText());
    }
    return 0;
  }
}
