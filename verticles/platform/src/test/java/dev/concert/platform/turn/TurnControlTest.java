package dev.concert.platform.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.stage.Events;
import dev.concert.platform.stage.ProtocolClient;
import dev.concert.platform.stage.RunningPlatform;
import dev.concert.platform.stage.Seat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Steering, stopping and answering while a turn runs, and what is refused then. */
class TurnControlTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @Test
  void guidanceReachesTheAgentInTheMiddleOfItsTurn() {
    Seat seat = Seat.echo(PLATFORM.connect());
    String turnId = seat.start("!sleep 1");
    seat.awaitEvent("text_delta");

    JsonNode steered = seat.ask("steer", Map.of("text", "mind the gap"));
    JsonNode end = seat.awaitEnd(turnId);

    assertThat(steered.path("type").asText()).isEqualTo("turn_steered");
    assertThat(steered.path("turnId").asText()).isEqualTo(turnId);
    assertThat(end.path("finalText").asText()).contains("steered: mind the gap");
  }

  @Test
  void aStoppedTurnEndsAsStoppedAndAnswersTheOneWhoStoppedIt() {
    Seat seat = Seat.echo(PLATFORM.connect());
    String turnId = seat.start("!sleep 60");
    seat.awaitEvent("text_delta");

    JsonNode answer = seat.ask("stop_turn");

    assertThat(answer.path("type").asText()).isEqualTo("turn_complete");
    assertThat(answer.path("stopReason").asText()).isEqualTo("stopped");
    assertThat(answer.path("turnId").asText()).isEqualTo(turnId);
    assertThat(seat.run("still here").path("finalText").asText()).isEqualTo("still here");
  }

  @Test
  void aTurnThatIsStoppedWhileItsAgentStartsNeverRuns() {
    Seat seat = Seat.echo(PLATFORM.connect());
    String turnId = seat.start("!sleep 60");

    JsonNode answer = seat.ask("stop_turn");

    assertThat(answer.path("type").asText()).isEqualTo("turn_complete");
    assertThat(answer.path("stopReason").asText()).isEqualTo("stopped");
    assertThat(answer.path("turnId").asText()).isEqualTo(turnId);
    assertThat(seat.run("after it").path("finalText").asText()).isEqualTo("after it");
  }

  @Test
  void aQuestionWaitsForItsAnswer() {
    Seat seat = Seat.echo(PLATFORM.connect());
    String turnId = seat.start("!ask which colour?");
    JsonNode question = seat.awaitEvent("question_requested");
    seat.awaitState("waiting");

    JsonNode resolved = seat.answer(question, Map.of("answers", Map.of("answer", "blue")));
    JsonNode end = seat.awaitEnd(turnId);

    assertThat(question.path("questions").get(0).path("prompt").asText())
        .isEqualTo("which colour?");
    assertThat(resolved.path("type").asText()).isEqualTo("approval_resolved");
    assertThat(end.path("finalText").asText()).isEqualTo("answer: blue");
    assertThat(Events.states(seat.events())).containsSubsequence("running", "waiting", "running");
  }

  @Test
  void aQuestionCanBeDismissed() {
    Seat seat = Seat.echo(PLATFORM.connect());
    String turnId = seat.start("!ask which colour?");

    seat.answer(seat.awaitEvent("question_requested"), Map.of("dismissed", true));

    assertThat(seat.awaitEnd(turnId).path("finalText").asText()).isEqualTo("dismissed");
  }

  @Test
  void onlyTheFirstAnswerCounts() {
    Seat seat = Seat.echo(PLATFORM.connect());
    String turnId = seat.start("!permit this");
    JsonNode asked = seat.awaitEvent("permission_requested");

    seat.answer(asked, Map.of("approved", true, "remember", "session"));
    JsonNode second = seat.answer(asked, Map.of("approved", false));

    assertThat(code(second)).isEqualTo("QUESTION_NOT_FOUND");
    assertThat(seat.awaitEnd(turnId).path("finalText").asText()).isEqualTo("approved session");
  }

  @Test
  void aDeniedPermissionReachesTheAgentAsDenied() {
    Seat seat = Seat.echo(PLATFORM.connect());
    String turnId = seat.start("!permit this");

    seat.answer(seat.awaitEvent("permission_requested"), Map.of("approved", false));

    assertThat(seat.awaitEnd(turnId).path("finalText").asText()).isEqualTo("denied");
  }

  @Test
  void aTurnThatWaitsForAnAnswerCanBeStopped() {
    Seat seat = Seat.echo(PLATFORM.connect());
    seat.start("!ask which colour?");
    JsonNode question = seat.awaitEvent("question_requested");

    JsonNode answer = seat.ask("stop_turn");

    assertThat(answer.path("stopReason").asText()).isEqualTo("stopped");
    assertThat(code(seat.answer(question, Map.of("dismissed", true))))
        .isEqualTo("QUESTION_NOT_FOUND");
    assertThat(seat.run("on").path("finalText").asText()).isEqualTo("on");
  }

  @Test
  void aTurnThatWasSentTwiceRunsOnce() {
    Seat seat = Seat.echo(PLATFORM.connect());
    Map<String, String> message = Map.of("text", "only once", "clientTurnId", "mine");

    JsonNode first = seat.ask("run_turn", message);
    JsonNode again = seat.ask("run_turn", message);
    seat.awaitEnd(first.path("turnId").asText());
    JsonNode later = seat.ask("run_turn", message);

    for (JsonNode answer : List.of(again, later)) {
      assertThat(answer.path("type").asText()).isEqualTo("turn_started");
      assertThat(answer.path("turnId")).isEqualTo(first.path("turnId"));
      assertThat(answer.path("seq")).isEqualTo(first.path("seq"));
    }
    assertThat(Events.ofType(seat.events(), "turn_complete")).hasSize(1);
    assertThat(seat.ask("get_history").path("messages").findValuesAsText("content"))
        .containsExactly("only once", "only once");
  }

  @Test
  void oneTurnAtATimeRunsInASession() {
    Seat seat = Seat.echo(PLATFORM.connect());
    seat.start("!sleep 60");

    assertThat(code(seat.ask("run_turn", Map.of("text", "me too")))).isEqualTo("TURN_IN_PROGRESS");
    seat.ask("stop_turn");
  }

  @Test
  void withoutATurnThereIsNothingToStopSteerOrAnswer() {
    Seat seat = Seat.echo(PLATFORM.connect());

    assertThat(code(seat.ask("stop_turn"))).isEqualTo("NO_TURN");
    assertThat(code(seat.ask("steer", Map.of("text", "left")))).isEqualTo("NO_TURN");
    assertThat(code(seat.ask("answer_question", Map.of("questionId", "q", "approved", true))))
        .isEqualTo("QUESTION_NOT_FOUND");
  }

  @Test
  void theAgentRemembersBetweenTurns() {
    Seat seat = Seat.echo(PLATFORM.connect());

    seat.run("!count");

    assertThat(seat.run("!count").path("finalText").asText()).isEqualTo("count 2");
  }

  @Test
  void anAgentsOwnFailureIsATurnErrorAndNoMore() {
    Seat seat = Seat.echo(PLATFORM.connect());

    JsonNode end = seat.run("!fail on purpose");

    assertThat(end.path("type").asText()).isEqualTo("turn_error");
    assertThat(end.path("message").asText()).doesNotContain("Traceback");
    assertThat(seat.run("on").path("finalText").asText()).isEqualTo("on");
  }

  @Test
  void aTurnGoesOnWithoutAnybodyConnected() {
    ProtocolClient first = PLATFORM.connect();
    Seat seat = Seat.echo(first);
    String turnId = seat.start("!sleep 0.5");
    first.close();

    Seat later = Seat.join(PLATFORM.connect(), seat.sessionId(), 0);

    assertThat(later.awaitEnd(turnId).path("type").asText()).isEqualTo("turn_complete");
    Events.verifyWhole(later.events(), 0);
  }

  private static String code(JsonNode answer) {
    assertThat(answer.path("type").asText()).as(answer.toString()).isEqualTo("error");
    return answer.path("code").asText();
  }
}
