package dev.concert.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One turn, against a gateway that does what it should and what it should not. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TurnRunnerTest {
  private static final String STARTED =
      "{'type':'turn_started','requestId':'turn','seq':1,'turnId':'t1'}";
  private static final String COMPLETE =
      "{'type':'turn_complete','seq':9,'turnId':'t1','stopReason':'end','usage':{}}";

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  @Test
  void aTurnThatCompletesIsAnAnswer() throws Exception {
    assertThat(run(onTurn(STARTED, COMPLETE), Approver.no())).isEqualTo(TurnOutcome.ANSWERED);
  }

  @Test
  void aTurnThatFailsIsNone() throws Exception {
    TurnOutcome outcome =
        run(
            onTurn(
                STARTED,
                "{'type':'turn_error','seq':2,'turnId':'t1','code':'AGENT_CRASHED','message':'gone'}"),
            Approver.no());

    assertThat(outcome).isEqualTo(TurnOutcome.FAILED);
    assertThat(text()).contains("AGENT_CRASHED: gone");
  }

  @Test
  void theEndOfAnotherTurnIsNotTheEndOfThisOne() throws Exception {
    TurnOutcome outcome =
        run(
            onTurn(
                "{'type':'turn_error','seq':1,'turnId':'t0','code':'X','message':'not ours'}",
                STARTED,
                COMPLETE),
            Approver.no());

    assertThat(outcome).isEqualTo(TurnOutcome.ANSWERED);
  }

  @Test
  void aConnectionThatBreaksInTheMiddleIsToldWithTheWayBack() throws Exception {
    assertThatThrownBy(
            () ->
                run(
                    Map.of(
                        "run_turn",
                        (talk, _) -> {
                          talk.say(STARTED);
                          talk.say("{'type':'text_delta','seq':2,'turnId':'t1','text':'half'}");
                          talk.close(1012, "restart");
                        }),
                    Approver.no()))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("restart")
        .hasMessageContaining("--session");
    assertThat(text()).contains("half");
  }

  @Test
  void aRefusedTurnIsToldInTheServersWords() {
    assertThatThrownBy(
            () ->
                run(
                    onTurn("{'type':'error','requestId':'turn','code':'X','message':'Not now.'}"),
                    Approver.no()))
        .isInstanceOf(ClientException.class)
        .hasMessage("Not now.");
  }

  @Test
  void somethingThatIsNoJsonIsToldAsSuch() {
    assertThatThrownBy(() -> run(onTurn("{{{"), Approver.no()))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("not JSON");
  }

  @Test
  void aServerThatWantsATokenIsToldAtOnce() {
    assertThatThrownBy(() -> run(Map.of("authenticate", (_, _) -> {}), Approver.no()))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("API key");
  }

  @Test
  void aPermissionIsAnsweredAndAnAnswerThatCameTooLateHarmsNothing() throws Exception {
    try (ScriptedGateway gateway =
        new ScriptedGateway(
            Map.of(
                "run_turn",
                (talk, _) -> {
                  talk.say(STARTED);
                  talk.say(
                      "{'type':'permission_requested','seq':2,'turnId':'t1','questionId':'q','toolName':'bash','reason':'runs'}");
                },
                "answer_question",
                (talk, answer) -> {
                  talk.say(
                      "{'type':'error','requestId':'%s','code':'QUESTION_NOT_FOUND','message':'late'}"
                          .formatted(answer.path("requestId").asText()));
                  talk.say(COMPLETE);
                }))) {

      assertThat(run(gateway, Approver.yes())).isEqualTo(TurnOutcome.ANSWERED);
      JsonNode answer = gateway.heard("answer_question").getFirst();
      assertThat(answer.path("approved").asBoolean()).isTrue();
      assertThat(answer.path("questionId").asText()).isEqualTo("q");
    }
  }

  @Test
  void aQuestionThatNobodyCanAnswerIsDismissed() throws Exception {
    try (ScriptedGateway gateway =
        new ScriptedGateway(
            Map.of(
                "run_turn",
                (talk, _) -> {
                  talk.say(STARTED);
                  talk.say(
                      "{'type':'question_requested','seq':2,'turnId':'t1','questionId':'q','questions':[{'prompt':'why'}]}");
                },
                "answer_question",
                (talk, _) -> talk.say(COMPLETE)))) {

      assertThat(run(gateway, Approver.yes())).isEqualTo(TurnOutcome.ANSWERED);
      assertThat(gateway.heard("answer_question").getFirst().path("dismissed").asBoolean())
          .isTrue();
    }
  }

  @Test
  void aFileWithoutAHistoryDoesNotSpoilAnAnswer() throws Exception {
    Map<String, BiConsumer<ScriptedGateway.Talk, JsonNode>> script =
        Map.of(
            "run_turn",
            (talk, _) -> {
              talk.say(STARTED);
              talk.say(
                  "{'type':'file_changed','seq':2,'turnId':'t1','path':'a','change':'created'}");
              talk.say(COMPLETE);
            },
            "file_history",
            (talk, ask) ->
                talk.say(
                    "{'type':'error','requestId':'%s','code':'FILE_NOT_FOUND','message':'gone'}"
                        .formatted(ask.path("requestId").asText())));

    assertThat(run(script, Approver.no())).isEqualTo(TurnOutcome.ANSWERED);
  }

  @Test
  void anAnswerToAServerThatIsGoneIsToldLikeABrokenConnection() throws Exception {
    try (ScriptedGateway gateway =
        new ScriptedGateway(
            Map.of(
                "run_turn",
                (talk, _) -> {
                  talk.say(STARTED);
                  talk.say(
                      "{'type':'permission_requested','seq':2,'turnId':'t1','questionId':'q','toolName':'bash','reason':'runs'}");
                  talk.close(1012, "restart");
                }))) {
      assertThatThrownBy(() -> run(gateway, Approver.yes()))
          .isInstanceOf(ClientException.class)
          .hasMessageContaining("closed the connection");
    }
  }

  @Test
  void theNameOfASessionIsTheBeginningOfItsFirstLine() throws Exception {
    String line = "a".repeat(59) + "😀😀";
    try (ScriptedGateway gateway = new ScriptedGateway(onTurn(STARTED, COMPLETE))) {
      run(gateway, Approver.no(), "\n " + line + "\nmore");

      assertThat(gateway.heard("create_session").getFirst().path("name").asText())
          .isEqualTo("a".repeat(59) + "😀");
      assertThat(gateway.heard("run_turn").getFirst().path("text").asText()).contains(line);
    }
  }

  @Test
  void whereNobodyListensThatIsSaid() {
    for (String url : new String[] {"http://127.0.0.1:1", "not a url", "ftp://x", "http://"}) {
      assertThatThrownBy(() -> GatewaySocket.connect(url, Optional.empty()).close())
          .as(url)
          .isInstanceOf(ClientException.class)
          .hasMessageContaining(url);
    }
  }

  private static Map<String, BiConsumer<ScriptedGateway.Talk, JsonNode>> onTurn(String... frames) {
    return Map.of(
        "run_turn",
        (talk, _) -> {
          for (String frame : frames) {
            talk.say(frame);
          }
        });
  }

  @Test
  void aSessionIsNamedByOneLineThatAnybodyCanRead() {
    String task = "fix\u001b[31m the \u202ebuild\t\nand more";
    assertThat(new TurnRequest(task, Optional.empty(), "echo", Optional.empty()).name())
        .isEqualTo("fix [31m the  build");
  }

  private TurnOutcome run(
      Map<String, BiConsumer<ScriptedGateway.Talk, JsonNode>> script, Approver approver)
      throws Exception {
    try (ScriptedGateway gateway = new ScriptedGateway(script)) {
      return run(gateway, approver);
    }
  }

  private TurnOutcome run(ScriptedGateway gateway, Approver approver) throws Exception {
    return run(gateway, approver, "do it");
  }

  private TurnOutcome run(ScriptedGateway gateway, Approver approver, String task)
      throws Exception {
    TerminalView view =
        new TerminalView(new PrintStream(shown, true, StandardCharsets.UTF_8), false);
    try (GatewaySocket socket = GatewaySocket.connect(gateway.url(), Optional.empty())) {
      return new TurnRunner(socket, view, approver)
          .run(new TurnRequest(task, Optional.empty(), "echo", Optional.empty()));
    }
  }

  private String text() {
    return shown.toString(StandardCharsets.UTF_8);
  }
}
