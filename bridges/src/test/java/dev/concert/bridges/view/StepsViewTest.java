package dev.concert.bridges.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.platform.ChatCapabilities;
import dev.concert.bridges.platform.ChatText;
import dev.concert.bridges.platform.ChatText.Button;
import dev.concert.bridges.platform.ChatText.Stage;
import dev.concert.json.Json;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A turn step by step. */
class StepsViewTest {
  private final ShownTurn view =
      ShownTurn.of("t1", new ChatCapabilities(100, String::length, Duration.ZERO, false, true));

  private static ObjectNode event(String type) {
    return Json.MAPPER
        .createObjectNode()
        .put("type", type)
        .put("turnId", "t1")
        .put("sessionId", "s1");
  }

  private void say(String text) {
    view.add(event("text_delta").put("text", text));
  }

  private List<String> shown() {
    return view.messages().values().stream().map(one -> one.stage() + " " + one.text()).toList();
  }

  private ChatText last() {
    return List.copyOf(view.messages().values()).getLast();
  }

  @Test
  void whatIsSaidOnTheWayIsNoAnswerAndNothingIsShownHalf() {
    say("I look");
    assertThat(shown()).isEmpty();
    say(" first.");
    ObjectNode call = event("tool_call").put("toolCallId", "c1").put("toolName", "bash");
    call.putObject("arguments").put("command", "ls");
    view.add(call);
    view.add(event("tool_result").put("toolCallId", "c1").put("output", "a.txt\n"));
    say("There is one file.");
    view.add(event("turn_complete").put("stopReason", "end"));
    assertThat(shown())
        .containsExactly(
            "WORKING I look first.",
            "ACTION bash\n{\"command\":\"ls\"}\na.txt",
            "DONE There is one file.");
    assertThat(view.ended()).isTrue();
  }

  @Test
  void aPlanIsOneMessageThatChanges() {
    ObjectNode plan = event("plan.created").put("planId", "p");
    plan.putArray("steps").addObject().put("stepId", "1").put("title", "Look");
    plan.withArray("steps").addObject().put("stepId", "2").put("title", "Mend");
    view.add(plan);
    view.add(event("plan.step_completed").put("stepId", "1"));
    view.add(event("plan.step_started").put("stepId", "2"));
    assertThat(shown()).containsExactly("PLAN - [x] Look\n- [-] Mend");
  }

  @Test
  void aQuestionSaysWhatToWriteAndTheSecondOneHasANumber() {
    for (String id : List.of("q1", "q2")) {
      ObjectNode asked = event("permission_requested").put("questionId", id);
      asked.put("toolName", "bash").putObject("arguments").put("command", "ls");
      view.add(asked);
    }
    assertThat(last().text()).endsWith("_Answer `Allow 2` or `Deny 2`._");
    assertThat(last().stage()).isEqualTo(Stage.ASKING);
    List<Button> open =
        view.messages().values().stream().flatMap(one -> one.buttons().stream()).toList();
    assertThat(OpenButtons.find(open, "Allow")).contains("s1|q1|allow");
    assertThat(OpenButtons.find(open, "deny 2")).contains("s1|q2|deny");
    assertThat(OpenButtons.find(open, "yes 1")).contains("s1|q1|allow");
    assertThat(OpenButtons.find(open, "no 2")).contains("s1|q2|deny");
    assertThat(OpenButtons.find(open, "yes")).as("which of them?").isEmpty();
    assertThat(OpenButtons.find(open, "yes 3")).isEmpty();
    assertThat(OpenButtons.find(open, "yes, but carefully")).isEmpty();
    view.add(event("approval_resolved").put("questionId", "q1").put("approved", true));
    List<Button> left =
        view.messages().values().stream().flatMap(one -> one.buttons().stream()).toList();
    assertThat(OpenButtons.find(left, "yes")).contains("s1|q2|allow");
    assertThat(OpenButtons.find(left, open.getLast().shortName())).contains("s1|q2|deny");
  }

  @Test
  void aTurnThatFailsOrIsStoppedSaysSoLast() {
    say("Half an ans");
    view.add(event("turn_error").put("message", "The model does not answer."));
    assertThat(shown())
        .containsExactly("WORKING Half an ans", "FAILED ⚠️ The model does not answer.");
    ShownTurn stopped =
        ShownTurn.of("t1", new ChatCapabilities(100, String::length, Duration.ZERO, false, true));
    stopped.add(event("turn_complete").put("stopReason", "stopped"));
    assertThat(stopped.messages().values()).containsExactly(ChatText.of("_Stopped._"));
  }
}
