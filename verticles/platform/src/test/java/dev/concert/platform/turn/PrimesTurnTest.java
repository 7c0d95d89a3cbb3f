package dev.concert.platform.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.stage.Events;
import dev.concert.platform.stage.RunningPlatform;
import dev.concert.platform.stage.Seat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The main job of Concert, through every service. */
class PrimesTurnTest {
  private static final String PRIMES = "2\n3\n5\n7\n11\n13\n17\n19\n23\n29\n";

  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @Test
  void aTurnWritesAProgramAsksRunsItAndAnswers() {
    Seat seat = Seat.create(PLATFORM.connect(), "coding-agent");

    String turnId = seat.start("create hello.py that prints the first ten primes and run it");
    JsonNode end = seat.finish(turnId);

    assertThat(end.path("type").asText()).isEqualTo("turn_complete");
    assertThat(end.path("stopReason").asText()).isEqualTo("end");
    assertThat(end.path("finalText").asText()).contains("demo model").contains("hello.py");
    List<JsonNode> events = seat.events();
    Events.verifyWhole(events, 0);
    assertThat(Events.text(events, "terminal_stream")).isEqualTo(PRIMES);
    assertThat(Events.types(seat.events(turnId)))
        .containsSubsequence(
            "turn_started",
            "message",
            "thinking_start",
            "thinking_progress",
            "thinking_complete",
            "text_delta",
            "tool_call_start",
            "tool_call_delta",
            "tool_call",
            "tool_result",
            "tool_call_start",
            "tool_call",
            "permission_requested",
            "approval_resolved",
            "terminal_stream",
            "terminal_complete",
            "tool_result",
            "text_delta",
            "message",
            "turn_complete");
    // Chronicle and Ensemble speak in the agent's stream, each in its own time, but before the turn
    // ends.
    assertThat(Events.types(seat.events(turnId)))
        .containsSubsequence("turn_started", "file_changed", "turn_complete")
        .containsSubsequence("turn_started", "usage_update", "turn_complete");
    assertThat(seat.events(turnId).getLast()).isEqualTo(end);
  }

  @Test
  void theSessionGoesThroughItsStatesAndComesToRestAtReady() {
    Seat seat = Seat.create(PLATFORM.connect(), "coding-agent");

    seat.run("create hello.py that prints the first ten primes and run it");
    seat.awaitEvent(
        "the last state",
        0,
        event ->
            event.path("state").asText().equals("ready")
                && event.path("previous").asText().equals("running"));

    List<JsonNode> states = Events.ofType(seat.events(), "session_state");
    assertThat(Events.states(seat.events()))
        .containsExactly("activating", "ready", "running", "waiting", "running", "ready");
    assertThat(states.getFirst().path("previous").asText()).isEqualTo("inactive");
    for (int i = 1; i < states.size(); i++) {
      assertThat(states.get(i).path("previous")).isEqualTo(states.get(i - 1).path("state"));
    }
  }

  @Test
  void whatATurnCostIsTheSumOfItsModelCalls() {
    Seat seat = Seat.create(PLATFORM.connect(), "coding-agent");

    String turnId = seat.start("create hello.py that prints the first ten primes and run it");
    JsonNode total = seat.finish(turnId).path("usage");

    List<JsonNode> calls = Events.ofType(seat.events(turnId), "usage_update");
    assertThat(calls).isNotEmpty();
    assertThat(total.path("modelCalls").asInt()).isEqualTo(calls.size());
    for (String count : List.of("inputTokens", "outputTokens", "cachedTokens")) {
      assertThat(total.path(count).asLong())
          .as(count)
          .isEqualTo(calls.stream().mapToLong(call -> call.path(count).asLong()).sum());
    }
    assertThat(total.path("cost").isTextual()).as("cost is a decimal, not a float").isTrue();
  }

  @Test
  void aSecondTurnOfTheSessionMakesASecondIterationWithAnotherHash() {
    Seat seat = Seat.create(PLATFORM.connect(), "coding-agent");

    seat.run("create hello.py that prints the first ten primes and run it");
    seat.run("change 10 to 12 in hello.py");

    JsonNode iterations = seat.ask("file_history", Map.of("path", "hello.py")).path("iterations");
    assertThat(iterations.findValuesAsText("iteration")).containsExactly("1", "2");
    assertThat(iterations.findValuesAsText("hash")).doesNotHaveDuplicates().doesNotContain("");
    JsonNode now = seat.ask("read_file", Map.of("path", "hello.py"));
    JsonNode before = seat.ask("file_at_iteration", Map.of("path", "hello.py", "iteration", 1));
    assertThat(now.path("content").asText()).contains("primes(12)");
    assertThat(before.path("content").asText()).contains("primes(10)");
    assertThat(before.path("hash")).isEqualTo(iterations.get(0).path("hash"));
  }

  @Test
  void whoRefusesAPermissionGetsAnAnswerAndNoProcess() {
    Seat seat = Seat.create(PLATFORM.connect(), "coding-agent");

    String turnId = seat.start("create hello.py that prints the first ten primes and run it");
    JsonNode asked = seat.awaitEvent("permission_requested");
    seat.answer(asked, Map.of("approved", false));
    JsonNode end = seat.awaitEnd(turnId);

    assertThat(end.path("type").asText()).isEqualTo("turn_complete");
    assertThat(Events.types(seat.events(turnId)))
        .contains("tool_error")
        .doesNotContain("terminal_stream", "terminal_complete");
  }

  @Test
  void twoSessionsAtOnceDoNotMix() {
    Seat one = Seat.create(PLATFORM.connect(), "coding-agent");
    Seat other = Seat.create(PLATFORM.connect(), "coding-agent");

    String first = one.start("create one.py that prints the first ten primes and run it");
    String second = other.start("create two.py that prints the first five primes and run it");
    one.finish(first);
    other.finish(second);

    assertThat(Events.text(one.events(), "terminal_stream")).isEqualTo(PRIMES);
    assertThat(Events.text(other.events(), "terminal_stream")).isEqualTo("2\n3\n5\n7\n11\n");
    assertThat(one.client().events(other.sessionId())).isEmpty();
    assertThat(one.ask("list_files").path("entries").findValuesAsText("path"))
        .containsExactly("one.py");
    assertThat(other.ask("list_files").path("entries").findValuesAsText("path"))
        .containsExactly("two.py");
  }
}
