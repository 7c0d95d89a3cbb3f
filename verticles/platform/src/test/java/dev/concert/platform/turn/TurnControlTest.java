package dev.concert.platform.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.Events;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Steering, stopping and answering while a turn runs, and what is refused then. */
class TurnControlTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @Test
  void guidanceReachesTheAgentInTheMiddleOfItsTurn() {
    TestClient client = TestClient.echo(PLATFORM.connect());
    String turnId = client.start("!sleep 1");
    client.awaitEvent("text_delta");

    JsonNode steered = client.ask("steer", Map.of("text", "mind the gap"));
    JsonNode end = client.awaitEnd(turnId);

    assertThat(steered.path("type").asText()).isEqualTo("turn_steered");
    assertThat(steered.path("turnId").asText()).isEqualTo(turnId);
    assertThat(end.path("finalText").asText()).contains("steered: mind the gap");
  }

  @Test
  void aStoppedTurnEndsAsStoppedAndAnswersTheOneWhoStoppedIt() {
    TestClient client = TestClient.echo(PLATFORM.connect());
    String turnId = client.start("!sleep 60");
    client.awaitEvent("text_delta");

    JsonNode answer = client.ask("stop_turn");

    assertThat(answer.path("type").asText()).isEqualTo("turn_complete");
    assertThat(answer.path("stopReason").asText()).isEqualTo("stopped");
    assertThat(answer.path("turnId").asText()).isEqualTo(turnId);
    assertThat(client.run("still here").path("finalText").asText()).isEqualTo("still here");
  }

  @Test
  void aTurnThatIsStoppedWhileItsAgentStartsNeverRuns() {
    TestClient client = TestClient.echo(PLATFORM.connect());
    String turnId = client.start("!sleep 60");

    JsonNode answer = client.ask("stop_turn");

    assertThat(answer.path("type").asText()).isEqualTo("turn_complete");
    assertThat(answer.path("stopReason").asText()).isEqualTo("stopped");
    assertThat(answer.path("turnId").asText()).isEqualTo(turnId);
    assertThat(client.run("after it").path("finalText").asText()).isEqualTo("after it");
  }

  @Test
  void aQuestionWaitsForItsAnswer() {
    TestClient client = TestClient.echo(PLATFORM.connect());
    String turnId = client.start("!ask which colour?");
    JsonNode question = client.awaitEvent("question_requested");
    client.awaitState("waiting");

    JsonNode resolved = client.answer(question, Map.of("answers", Map.of("answer", "blue")));
    JsonNode end = client.awaitEnd(turnId);

    assertThat(question.path("questions").get(0).path("prompt").asText())
        .isEqualTo("which colour?");
    assertThat(resolved.path("type").asText()).isEqualTo("approval_resolved");
    assertThat(end.path("finalText").asText()).isEqualTo("answer: blue");
    assertThat(Events.states(client.events())).containsSubsequence("running", "waiting", "running");
  }

  @Test
  void aQuestionCanBeDismissed() {
    TestClient client = TestClient.echo(PLATFORM.connect());
    String turnId = client.start("!ask which colour?");

    client.answer(client.awaitEvent("question_requested"), Map.of("dismissed", true));

    assertThat(client.awaitEnd(turnId).path("finalText").asText()).isEqualTo("dismissed");
  }

  @Test
  void onlyTheFirstAnswerCounts() {
    TestClient client = TestClient.echo(PLATFORM.connect());
    String turnId = client.start("!permit this");
    JsonNode asked = client.awaitEvent("permission_requested");

    client.answer(asked, Map.of("approved", true, "remember", "session"));
    JsonNode second = client.answer(asked, Map.of("approved", false));

    assertThat(code(second)).isEqualTo("QUESTION_NOT_FOUND");
    assertThat(client.awaitEnd(turnId).path("finalText").asText()).isEqualTo("approved session");
  }

  @Test
  void aDeniedPermissionReachesTheAgentAsDenied() {
    TestClient client = TestClient.echo(PLATFORM.connect());
    String turnId = client.start("!permit this");

    client.answer(client.awaitEvent("permission_requested"), Map.of("approved", false));

    assertThat(client.awaitEnd(turnId).path("finalText").asText()).isEqualTo("denied");
  }

  @Test
  void aTurnThatWaitsForAnAnswerCanBeStopped() {
    TestClient client = TestClient.echo(PLATFORM.connect());
    client.start("!ask which colour?");
    JsonNode question = client.awaitEvent("question_requested");

    JsonNode answer = client.ask("stop_turn");

    assertThat(answer.path("stopReason").asText()).isEqualTo("stopped");
    assertThat(code(client.answer(question, Map.of("dismissed", true))))
        .isEqualTo("QUESTION_NOT_FOUND");
    assertThat(client.run("on").path("finalText").asText()).isEqualTo("on");
  }

  @Test
  void aTurnThatWasSentTwiceRunsOnce() {
    TestClient client = TestClient.echo(PLATFORM.connect());
    Map<String, String> message = Map.of("text", "only once", "clientTurnId", "mine");

    JsonNode first = client.ask("run_turn", message);
    JsonNode again = client.ask("run_turn", message);
    client.awaitEnd(first.path("turnId").asText());
    JsonNode later = client.ask("run_turn", message);

    for (JsonNode answer : List.of(again, later)) {
      assertThat(answer.path("type").asText()).isEqualTo("turn_started");
      assertThat(answer.path("turnId")).isEqualTo(first.path("turnId"));
      assertThat(answer.path("seq")).isEqualTo(first.path("seq"));
    }
    assertThat(Events.ofType(client.events(), "turn_complete")).hasSize(1);
    assertThat(client.ask("get_history").path("messages").findValuesAsText("content"))
        .containsExactly("only once", "only once");
  }

  @Test
  void oneTurnAtATimeRunsInASession() {
    TestClient client = TestClient.echo(PLATFORM.connect());
    client.start("!sleep 60");

    assertThat(code(client.ask("run_turn", Map.of("text", "me too"))))
        .isEqualTo("TURN_IN_PROGRESS");
    client.ask("stop_turn");
  }

  @Test
  void withoutATurnThereIsNothingToStopSteerOrAnswer() {
    TestClient client = TestClient.echo(PLATFORM.connect());

    assertThat(code(client.ask("stop_turn"))).isEqualTo("NO_TURN");
    assertThat(code(client.ask("steer", Map.of("text", "left")))).isEqualTo("NO_TURN");
    assertThat(code(client.ask("answer_question", Map.of("questionId", "q", "approved", true))))
        .isEqualTo("QUESTION_NOT_FOUND");
  }

  @Test
  void theAgentRemembersBetweenTurns() {
    TestClient client = TestClient.echo(PLATFORM.connect());

    client.run("!count");

    assertThat(client.run("!count").path("finalText").asText()).isEqualTo("count 2");
  }

  @Test
  void anAgentsOwnFailureIsATurnErrorAndNoMore() {
    TestClient client = TestClient.echo(PLATFORM.connect());

    JsonNode end = client.run("!fail on purpose");

    assertThat(end.path("type").asText()).isEqualTo("turn_error");
    assertThat(end.path("message").asText()).doesNotContain("Traceback");
    assertThat(client.run("on").path("finalText").asText()).isEqualTo("on");
  }

  @Test
  void aTurnGoesOnWithoutAnybodyConnected() {
    ProtocolClient first = PLATFORM.connect();
    TestClient client = TestClient.echo(first);
    String turnId = client.start("!sleep 0.5");
    first.close();

    TestClient later = TestClient.join(PLATFORM.connect(), client.sessionId(), 0);

    assertThat(later.awaitEnd(turnId).path("type").asText()).isEqualTo("turn_complete");
    Events.verifyWhole(later.events(), 0);
  }

  private static String code(JsonNode answer) {
    assertThat(answer.path("type").asText()).as(answer.toString()).isEqualTo("error");
    return answer.path("code").asText();
  }
}
