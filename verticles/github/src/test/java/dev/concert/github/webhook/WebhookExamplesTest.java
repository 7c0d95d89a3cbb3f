package dev.concert.github.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.github.witness.WitnessProgram;
import dev.concert.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Each of GitHub's own example payloads becomes the event that a table names, or is ignored. */
class WebhookExamplesTest {
  @Test
  void eachExampleBecomesTheEventOfTheTableOrIsIgnored() throws Exception {
    Path examples =
        WitnessProgram.packages().resolve("@octokit/webhooks-examples/api.github.com/index.json");
    Map<String, Map<String, Integer>> seen = new TreeMap<>();
    int count = 0;
    for (JsonNode event : Json.MAPPER.readTree(Files.readAllBytes(examples))) {
      String name = event.path("name").asText();
      for (JsonNode payload : event.path("examples")) {
        Optional<ForgeEvent> read = GitHubEventReader.read(name, payload);
        read.ifPresent(one -> assertThat(ForgeEvent.ofJson(one.toJson())).isEqualTo(one));
        String action = payload.path("action").asText();
        seen.computeIfAbsent(action.isEmpty() ? name : name + "." + action, _ -> new TreeMap<>())
            .merge(read.map(one -> one.type().wireName()).orElse("ignored"), 1, Integer::sum);
        count++;
      }
    }

    List<String> lines = new ArrayList<>();
    seen.forEach(
        (name, types) -> {
          StringBuilder line = new StringBuilder(name);
          types.forEach((type, times) -> line.append(' ').append(type).append('*').append(times));
          lines.add(line.toString());
        });
    assertThat(count).isEqualTo(329);
    assertThat(lines).containsExactlyInAnyOrderElementsOf(table());
  }

  private static List<String> table() throws Exception {
    try (var in = WebhookExamplesTest.class.getResourceAsStream("/webhook-examples.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
