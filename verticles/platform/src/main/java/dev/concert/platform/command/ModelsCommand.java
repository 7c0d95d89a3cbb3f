package dev.concert.platform.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.client.GatewayApi;
import dev.concert.client.Style;
import dev.concert.platform.server.CommandServer;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code concert models}. */
@Command(
    name = "models",
    description = "Lists the models that new sessions can use.",
    mixinStandardHelpOptions = true,
    footer = {"", "`concert turn --model ID TEXT` begins a session with one."})
final class ModelsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try (CommandServer server = CommandServer.open();
        GatewayApi api = new GatewayApi(server.url(), server.token())) {
      PrintWriter out = spec.commandLine().getOut();
      JsonNode list = api.request("GET", "/api/models", null);
      String usual = list.path("defaultModel").asText();
      for (JsonNode model : list.path("models")) {
        String id = model.path("id").asText();
        out.println(Style.harmless(id) + (id.equals(usual) ? "  (default)" : ""));
      }
      out.flush();
    }
    return 0;
  }
}
