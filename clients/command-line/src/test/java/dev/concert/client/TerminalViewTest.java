package dev.concert.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person sees. */
class TerminalViewTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HOSTILE =
      "a\u001b[2Jb\u001b]0;owned\u0007c\u009b31md\re\u0008f\u202eg\u001bcz\u0000";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TerminalView plain =
      new TerminalView(new PrintStream(bytes, true, StandardCharsets.UTF_8), false);

  @Test
  void terminalOutputIsFramedLineByLineHoweverItIsCut() throws Exception {
    show("terminal_stream", "text", "2\n3");
    show("terminal_stream", "text", "1\n");
    show("terminal_stream", "text", "\n5");
    show(event("terminal_complete").put("exitCode", 0).put("durationMs", 7));

    assertThat(shown().lines())
        .containsExactly("┌─ terminal", "│ 2", "│ 31", "", "│ 5", "└─ exit 0 after 7 ms");
  }

  @Test
  void aModelThatIsAwayAConversationMadeShorterAndAPlanAreTold() throws Exception {
    show("text_delta", "text", "Half an ans");
    show(event("model.retry").put("delayMs", 2_900).put("message", "Busy.").put("replaces", true));
    show(event("context.compacted").put("tokensBefore", 9_000).put("tokensAfter", 100));
    ObjectNode plan = event("plan.created").put("title", "A poem");
    plan.putArray("steps").addObject().put("stepId", "1").put("title", "read");
    show(plan);
    show("plan.step_completed", "stepId", "1");
    show("plan.step_completed", "stepId", "unknown");

    assertThat(shown().lines().filter(line -> !line.isEmpty()))
        .containsExactly(
            "Half an ans",
            "· Busy. Retrying in 3 s, and the answer begins again",
            "· the conversation was summarised: 9,000 tokens became 100",
            "A poem",
            "○ read",
            "● read");
  }

  @Test
  void thinkingAndTextEachBeginOnALineOfTheirOwn() throws Exception {
    show("thinking_progress", "text", "hm");
    show("thinking_progress", "text", "m");
    show("text_delta", "text", "The ");
    show("text_delta", "text", "answer");
    show(event("tool_call").put("toolName", "bash"));

    assertThat(shown().lines()).first().isEqualTo("hmm");
    assertThat(shown().lines()).element(1).isEqualTo("The answer");
  }

  @ParameterizedTest
  @CsvSource({
    "text_delta,text",
    "thinking_progress,text",
    "terminal_stream,text",
    "tool_call,toolName",
    "tool_error,message",
    "tool_error,code",
    "permission_requested,reason",
    "permission_requested,toolName",
    "sandbox_provisioning,message",
    "model.retry,message",
    "plan.created,title",
  })
  void nothingThatAnAgentSaysCommandsTheTerminal(String type, String field) throws Exception {
    show(type, field, HOSTILE);

    verifyHarmless();
  }

  @Test
  void noQuestionCommandsTheTerminal() throws Exception {
    ObjectNode question = event("question_requested");
    question.putArray("questions").addObject().put("prompt", HOSTILE);

    show(question);

    verifyHarmless();
  }

  @Test
  void noFileNameCommandsTheTerminal() {
    plain.files(
        List.of(
            new TurnView.ChangedFile(
                HOSTILE + "%s%n", "created", List.of(new TurnView.Iteration(1, 2, "abc")))));

    assertThat(shown()).contains("%s%n");
    verifyHarmless();
  }

  @Test
  void noErrorCommandsTheTerminal() throws Exception {
    plain.ended(event("turn_error").put("code", HOSTILE).put("message", HOSTILE + "%d"));

    assertThat(shown()).contains("%d");
    verifyHarmless();
  }

  private void verifyHarmless() {
    assertThat(shown()).contains("a", "b", "z");
    assertThat(shown().chars().filter(TerminalViewTest::isObeyed).toArray()).isEmpty();
  }

  private static boolean isObeyed(int character) {
    return (Character.isISOControl(character) && character != '\n' && character != '\t')
        || character == '\u202e';
  }

  @Test
  void whatIsToBeAllowedIsShownWhole() throws Exception {
    String command = "true; ".repeat(200) + "rm -rf everything";
    ObjectNode call = event("tool_call").put("toolName", "bash");
    call.putObject("arguments").put("command", command);
    ObjectNode asked = event("permission_requested").put("toolName", "bash").put("reason", "runs");
    asked.set("arguments", call.get("arguments"));

    show(call);
    assertThat(shown()).doesNotContain("rm -rf everything");
    show(asked);

    assertThat(shown()).contains("rm -rf everything");
  }

  @Test
  void coloursComeOnlyWhereTheyAreWanted() throws Exception {
    ByteArrayOutputStream coloured = new ByteArrayOutputStream();
    TerminalView view =
        new TerminalView(new PrintStream(coloured, true, StandardCharsets.UTF_8), true);
    ObjectNode thought = event("thinking_progress").put("text", "hm");

    view.event(new GatewaySocket.Frame(thought.toString(), thought));
    show(thought);

    assertThat(coloured.toString(StandardCharsets.UTF_8)).isEqualTo("\u001b[2mhm\u001b[0m");
    assertThat(shown()).isEqualTo("hm");
  }

  @Test
  void aBlockThatIsNotFinishedIsShownAndThenTakesItsForm() throws Exception {
    ByteArrayOutputStream coloured = new ByteArrayOutputStream();
    TerminalView view =
        new TerminalView(new PrintStream(coloured, true, StandardCharsets.UTF_8), true);
    for (String piece : List.of("Now *sle", "eping*")) {
      ObjectNode text = event("text_delta").put("text", piece);
      view.event(new GatewaySocket.Frame(text.toString(), text));
    }

    assertThat(coloured.toString(StandardCharsets.UTF_8))
        .endsWith("\u001b[2mNow *sleeping*\u001b[0m");
    ObjectNode call = event("tool_call").put("toolName", "bash");
    view.event(new GatewaySocket.Frame(call.toString(), call));
    assertThat(coloured.toString(StandardCharsets.UTF_8))
        .contains("\r\u001b[KNow \u001b[3msleeping\u001b[0m\n");
  }

  @Test
  void theFilesAreATableWithEveryIteration() {
    plain.files(
        List.of(
            new TurnView.ChangedFile(
                "hello.py",
                "modified",
                List.of(
                    new TurnView.Iteration(1, 10, "0123456789abcdef"),
                    new TurnView.Iteration(2, 12, "fedcba9876543210"))),
            new TurnView.ChangedFile("a", "deleted", List.of(new TurnView.Iteration(3, 0, "")))));

    assertThat(shown())
        .contains("0123456789ab", "fedcba987654", "(deleted)", "modified", "hello.py")
        .doesNotContain("0123456789abc");
  }

  @Test
  void theEndSaysWhatItCost() throws Exception {
    ObjectNode end = event("turn_complete").put("stopReason", "stopped");
    end.putObject("usage")
        .put("inputTokens", 10)
        .put("outputTokens", 20)
        .put("modelCalls", 2)
        .put("cost", "0.0012");

    plain.ended(end);

    assertThat(shown()).contains("ended: stopped", "10 tokens in", "20 out", "2 model", "$0.0012");
  }

  @Test
  void aCostThatNobodyKnowsIsNotNothing() throws Exception {
    ObjectNode end = event("turn_complete").put("stopReason", "end");
    end.putObject("usage").put("inputTokens", 11000).putNull("cost");

    plain.ended(end);

    assertThat(shown()).contains("cost unknown").doesNotContain("$");
  }

  private static ObjectNode event(String type) {
    return JSON.createObjectNode().put("type", type);
  }

  private void show(String type, String field, String text) throws JsonProcessingException {
    show(event(type).put(field, text));
  }

  private void show(ObjectNode event) throws JsonProcessingException {
    plain.event(new GatewaySocket.Frame(event.toString(), JSON.readTree(event.toString())));
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
