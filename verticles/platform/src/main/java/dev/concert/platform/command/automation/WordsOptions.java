package dev.concert.platform.command.automation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.client.ClientException;
import dev.concert.json.Json;
import java.io.Console;
import java.util.Optional;
import picocli.CommandLine.Option;

/** An automation in a person's own words, which a model reads and the person confirms. */
final class WordsOptions {
  @Option(
      names = "--words",
      paramLabel = "TEXT",
      description = "What you want in your own words, such as 'every weekday at 9 run the tests'.")
  private Optional<String> words = Optional.empty();

  @Option(names = "--yes", description = "Creates what the model proposes without asking.")
  private boolean yes;

  boolean isGiven() {
    return words.isPresent();
  }

  /** What the model proposes: name, trigger and task. */
  ObjectNode proposed(AutomationApi api, String zone) {
    return (ObjectNode) api.propose(words.orElseThrow(), zone).path("proposal");
  }

  /** Whether to create what was shown. */
  boolean isConfirmed() {
    Console console = System.console();
    return !isGiven()
        || yes
        || console != null
            && console.isTerminal()
            && "yes".equals(console.readLine("Create it? Type yes: "));
  }

  static JsonNode object(String json) {
    return parsed(json)
        .orElseThrow(
            () -> new ClientException("--payload must be a JSON object, such as {\"build\": 7}."));
  }

  private static Optional<JsonNode> parsed(String json) {
    try {
      return Optional.of(Json.MAPPER.readTree(json)).filter(ObjectNode.class::isInstance);
    } catch (JsonProcessingException notJson) {
      return Optional.empty();
    }
  }
}
