package dev.concert.platform.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.Events;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
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
    TestClient user = TestClient.create(PLATFORM.connect(), "coding-agent");

    String turnId = user.start("create hello.py that prints the first ten primes and run it");
    JsonNode end = user.finish(turnId);

    assertThat(end.path("type").asText()).isEqualTo("turn_complete");
    assertThat(end.path("stopReason").asText()).isEqualTo("end");
    assertThat(end.path("finalText").asText()).contains("demo model").contains("hello.py");
    List<JsonNode> events = user.events();
    Events.verifyWhole(events, 0);
    assertThat(Events.text(events, "terminal_stream")).isEqualTo(PRIMES);
    assertThat(Events.types(user.events(turnId)))
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
    assertThat(Events.types(user.events(turnId)))
        .containsSubsequence("turn_started", "file_changed", "turn_complete")
        .containsSubsequence("turn_started", "usage_update", "turn_complete");
    assertThat(user.events(turnId).getLast()).isEqualTo(end);
  }

  @Test
  void theSessionGoesThroughItsStatesAndComesToRestAtReady() {
    TestClient user = TestClient.create(PLATFORM.connect(), "coding-agent");

    user.run("create hello.py that prints the first ten primes and run it");
    user.awaitEvent(
        "the last state",
        0,
        event ->
            event.path("state").asText().equals("ready")
                && event.path("previous").asText().equals("running"));

    List<JsonNode> states = Events.ofType(user.events(), "session_state");
    assertThat(Events.states(user.events()))
        .containsExactly("activating", "ready", "running", "waiting", "running", "ready");
    assertThat(states.getFirst().path("previous").asText()).isEqualTo("inactive");
    for (int i = 1; i < states.size(); i++) {
      assertThat(states.get(i).path("previous")).isEqualTo(states.get(i - 1).path("state"));
    }
  }

  @Test
  void whatATurnCostIsTheSumOfItsModelCalls() {
    TestClient user = TestClient.create(PLATFORM.connect(), "coding-agent");

    String turnId = user.start("create hello.py that prints the first ten primes and run it");
    JsonNode total = user.finish(turnId).path("usage");

    List<JsonNode> calls = Events.ofType(user.events(turnId), "usage_update");
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
    TestClient user = TestClient.create(PLATFORM.connect(), "coding-agent");

    user.run("create hello.py that prints the first ten primes and run it");
    user.run("change 10 to 12 in hello.py");

    JsonNode iterations = user.ask("file_history", Map.of("path", "hello.py")).path("iterations");
    assertThat(iterations.findValuesAsText("iteration")).containsExactly("1", "2");
    assertThat(iterations.findValuesAsText("hash")).doesNotHaveDuplicates().doesNotContain("");
    JsonNode now = user.ask("read_file", Map.of("path", "hello.py"));
    JsonNode before = user.ask("file_at_iteration", Map.of("path", "hello.py", "iteration", 1));
    assertThat(now.path("content").asText()).contains("primes(12)");
    assertThat(before.path("content").asText()).contains("primes(10)");
    assertThat(before.path("hash")).isEqualTo(iterations.get(0).path("hash"));
  }

  @Test
  void whoRefusesAPermissionGetsAnAnswerAndNoProcess() {
    TestClient user = TestClient.create(PLATFORM.connect(), "coding-agent");

    String turnId = user.start("create hello.py that prints the first ten primes and run it");
    JsonNode asked = user.awaitEvent("permission_requested");
    user.answer(asked, Map.of("approved", false));
    JsonNode end = user.awaitEnd(turnId);

    assertThat(end.path("type").asText()).isEqualTo("turn_complete");
    assertThat(Events.types(user.events(turnId)))
        .contains("tool_error")
        .doesNotContain("terminal_stream", "terminal_complete");
  }

  @Test
  void twoSessionsAtOnceDoNotMix() {
    TestClient one = TestClient.create(PLATFORM.connect(), "coding-agent");
    TestClient other = TestClient.create(PLATFORM.connect(), "coding-agent");

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
