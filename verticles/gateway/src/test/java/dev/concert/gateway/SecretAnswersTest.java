package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.protocol.ServerEvent;
import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An answer of kind secret goes to the agent and nowhere else. */
class SecretAnswersTest {
  private static final String SECRET = "sk-nobody-may-see-this";

  @TempDir Path data;

  @Test
  void onlyTheAgentGetsASecretAnswer() throws IOException {
    try (RunningGateway gateway = RunningGateway.start(data)) {
      TestClient client = gateway.client();
      String session = client.createSession();
      String agent = "agent_" + session;
      client.join(session);
      try (TestClient other = gateway.client()) {
        other.join(session);
        String turn = client.runTurn(session, "hi");
        ask(gateway, agent);
        client.next("question_requested");
        client.send(
            "{'type':'answer_question','sessionId':'%s','questionId':'q','requestId':'a','answers':{'key':'%s','name':'Ann','more':'%s'}}"
                .formatted(session, SECRET, SECRET));

        assertShown(client.next("approval_resolved"));
        assertShown(other.next("approval_resolved"));
        Await.until(() -> !gateway.podium.answers.isEmpty());
        assertThat(gateway.podium.answers.getFirst().answers().get("key").asText())
            .isEqualTo(SECRET);
        assertThat(gateway.podium.answers.getFirst().toString()).doesNotContain(SECRET);
        gateway.podium.complete(agent, turn, "done");
        client.next("turn_complete");

        other.send("{'type':'get_events','sessionId':'%s','afterSeq':0}".formatted(session));
        assertThat(other.next("events").toString()).contains("approval_resolved");
        assertThat(other.everything()).doesNotContain(SECRET);
        assertThat(client.everything()).doesNotContain(SECRET);
      }
      client.close();
      assertNoFileHas(SECRET);
    }
    assertNoFileHas(SECRET);
  }

  private static void ask(RunningGateway gateway, String agent) {
    gateway.podium.say(
        agent,
        new ServerEvent.QuestionRequested(
            "q",
            List.of(
                new ServerEvent.Question("key", "The key?", "secret", List.of()),
                new ServerEvent.Question("name", "Who?", "text", List.of()))));
  }

  private static void assertShown(JsonNode resolved) {
    assertThat(resolved.toString()).doesNotContain(SECRET);
    assertThat(resolved.path("answers").path("key").booleanValue()).isTrue();
    assertThat(resolved.path("answers").path("more").booleanValue())
        .as("an answer to nothing that was asked may be the secret under a wrong name")
        .isTrue();
    assertThat(resolved.path("answers").path("name").asText()).isEqualTo("Ann");
  }

  private void assertNoFileHas(String text) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.getFileName().toString())
            .doesNotContain(text);
      }
    }
  }
}
