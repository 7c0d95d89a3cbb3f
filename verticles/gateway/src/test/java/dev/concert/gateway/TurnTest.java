package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.session.SessionTimeouts;
import dev.concert.json.Json;
import dev.concert.podium.PodiumMessages.HistoryEntry;
import dev.concert.protocol.ServerEvent;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@ExpectedLog(
    logger = "dev.concert.gateway.session.Activation",
    message = "reached no agent",
    required = false)
class TurnTest {
  @TempDir Path data;
  private RunningGateway gateway;
  private TestClient client;
  private String session;
  private String agent;

  @BeforeEach
  void start() {
    gateway = RunningGateway.start(data);
    begin();
  }

  private void begin() {
    client = gateway.client();
    session = client.createSession();
    agent = "agent_" + session;
    client.join(session);
  }

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
  }

  @Test
  void aTurnGoesThroughItsStatesAndItsEventsHaveNoHole() {
    String turn = client.runTurn(session, "hi");
    awaitState("running");
    gateway.podium.say(agent, new ServerEvent.TextDelta("hel"), new ServerEvent.TextDelta("lo"));
    gateway.podium.say(agent, new ServerEvent.UsageUpdate("m", "p", 5, 2, 0, "0.001"));
    gateway.podium.complete(agent, turn, "hello");
    JsonNode complete = client.next("turn_complete");
    awaitState("ready");

    assertThat(complete.path("usage").path("cost").asText()).isEqualTo("0.001");
    assertThat(states()).containsExactly("activating", "ready", "running", "ready");
    assertThat(client.events().stream().mapToLong(one -> one.path("seq").asLong()))
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, client.events().size()).boxed().toList());
  }

  @Test
  void whatTheBusLostIsAskedForAgain() {
    String turn = client.runTurn(session, "hi");
    awaitState("running");
    gateway.podium.say(agent, new ServerEvent.TextDelta("a"));
    gateway.podium.sayLost(agent, new ServerEvent.TextDelta("b"), new ServerEvent.TextDelta("c"));
    gateway.podium.say(agent, new ServerEvent.TextDelta("d"));
    gateway.podium.repeat(agent);
    gateway.podium.sayLost(agent, FakePodium.completed(turn, "abcd"));
    client.next("turn_complete");
    assertThat(text()).isEqualTo("abcd");
  }

  @Test
  void theCoordinatorIsToldOnlyWhatIsStored() {
    String turn = client.runTurn(session, "hi");
    awaitState("running");
    gateway.podium.say(agent, new ServerEvent.TextDelta("a"));
    gateway.podium.complete(agent, turn, "a");
    client.next("turn_complete");
    Await.until(() -> gateway.podium.stored.get() == 2);
  }

  @Test
  void aQuestionMakesTheSessionWaitAndTheFirstAnswerCounts() {
    client.runTurn(session, "hi");
    awaitState("running");
    gateway.podium.say(
        agent,
        new ServerEvent.PermissionRequested(
            "q1", "c1", "bash", Json.MAPPER.createObjectNode(), "why"));
    client.next("permission_requested");
    awaitState("waiting");
    String answer =
        "{'type':'answer_question','sessionId':'"
            + session
            + "','questionId':'q1','approved':true,'requestId':'a'}";
    client.send(answer);
    assertThat(client.next("approval_resolved").path("requestId").asText()).isEqualTo("a");
    awaitState("running");
    client.send(answer);
    assertThat(client.next("error").path("code").asText()).isEqualTo("QUESTION_NOT_FOUND");
    assertThat(gateway.podium.answers).hasSize(1);
    assertThat(gateway.podium.answers.getFirst().remember()).isEqualTo("once");
  }

  @Test
  void aNewSessionIsToldToTheOthersOfItsTenant() {
    try (TestClient other = gateway.client()) {
      String created = client.createSession();
      JsonNode told = other.next("session_created");
      assertThat(told.path("session").path("id").asText()).isEqualTo(created);
      assertThat(told.has("requestId")).isFalse();
    }
  }

  @Test
  void theSameTurnTwiceIsOneTurn() {
    String run =
        "{'type':'run_turn','sessionId':'"
            + session
            + "','text':'hi','clientTurnId':'mine','requestId':'%s'}";
    client.send(run.formatted("r1"));
    client.send(run.formatted("r2"));
    JsonNode first = client.next("turn_started");
    JsonNode second = client.next("turn_started");
    assertThat(second.path("turnId")).isEqualTo(first.path("turnId"));
    assertThat(second.path("seq")).isEqualTo(first.path("seq"));
    assertThat(List.of(first.path("requestId").asText(), second.path("requestId").asText()))
        .containsExactly("r1", "r2");
    Await.until(() -> gateway.podium.delivered.size() == 1);
  }

  @Test
  void ofTwoTurnsAtOnceTheOneThatWasAskedForFirstIsStarted() {
    String run =
        "{'type':'run_turn','sessionId':'"
            + session
            + "','text':'hi','clientTurnId':'%s','requestId':'%s'}";
    client.send(run.formatted("one", "r1"));
    client.send(run.formatted("two", "r2"));
    // The refusal may come first: it waits for nothing.
    Map<String, JsonNode> answers = new HashMap<>();
    while (answers.size() < 2) {
      JsonNode frame = client.next();
      if (List.of("turn_started", "error").contains(frame.path("type").asText())) {
        answers.put(frame.path("requestId").asText(), frame);
      }
    }
    assertThat(answers.get("r1").path("type").asText()).isEqualTo("turn_started");
    assertThat(answers.get("r2").path("code").asText()).isEqualTo("TURN_IN_PROGRESS");
  }

  @Test
  void aTurnWithoutAnAgentEndsWithAnErrorAndTheNextOneMayTryAgain() {
    gateway.podium.refuseStart = true;
    client.runTurn(session, "hi");
    JsonNode error = client.next("turn_error");
    assertThat(error.path("code").asText()).isEqualTo("PODIUM_UNAVAILABLE");
    awaitState("error");
    gateway.podium.refuseStart = false;
    client.runTurn(session, "again");
    awaitState("running");
  }

  @Test
  void theAgentDoesNotGoOnWithAMessageWhoseDeliveryTimedOut() {
    gateway.podium.refusedDelivery = Optional.of(ErrorCode.TIMEOUT);
    client.send("{'type':'run_turn','sessionId':'" + session + "','text':'hello'}");
    assertThat(client.next("turn_error").path("code").asText()).isEqualTo("TIMEOUT");
    String turn = gateway.podium.delivered.getFirst().messageId();
    Await.until(
        () -> gateway.podium.interrupts.stream().anyMatch(one -> one.messageId().equals(turn)));
    assertThat(gateway.podium.stops).isEmpty();

    gateway.podium.refusedInterrupt = Optional.of(ErrorCode.TIMEOUT);
    client.send("{'type':'run_turn','sessionId':'" + session + "','text':'hello'}");
    client.next("turn_error");
    Await.until(() -> !gateway.podium.stops.isEmpty());
  }

  @Test
  void anAgentThatIsGoneEndsItsTurnAndTheSessionIsInactive() {
    client.runTurn(session, "hi");
    awaitState("running");
    gateway.podium.say(agent, new ServerEvent.SandboxRemoved("crashed"));
    assertThat(client.next("turn_error").path("code").asText()).isEqualTo("AGENT_CRASHED");
    awaitState("inactive");
  }

  @Test
  void whatAnAgentSaysAfterItsTurnIsNotShown() {
    String turn = client.runTurn(session, "hi");
    awaitState("running");
    gateway.podium.complete(agent, turn, "done");
    client.next("turn_complete");
    gateway.podium.say(agent, new ServerEvent.TextDelta("late"));
    gateway.podium.say(agent, new ServerEvent.FileChanged("a", "created", 1, null));
    client.next("file_changed");
    assertThat(text()).isEmpty();
  }

  @Test
  @ExpectedLog(
      logger = "dev.concert.gateway.session.AgentClient",
      message = "^Agent agent_\\S+ of session \\S+ does not stop: it is taken down$")
  void anAgentThatDoesNotStopIsTakenDown() {
    restart(timeouts(Duration.ofMillis(100), Duration.ofMinutes(1)));
    client.runTurn(session, "hi");
    awaitState("running");
    client.send("{'type':'stop_turn','sessionId':'" + session + "','requestId':'s'}");
    JsonNode end = client.next("turn_complete");
    assertThat(end.path("stopReason").asText()).isEqualTo("stopped");
    assertThat(end.path("requestId").asText()).isEqualTo("s");
    Await.until(() -> gateway.podium.stops.size() == 1);
  }

  @Test
  void aSilentAgentIsGivenUp() {
    restart(timeouts(Duration.ofSeconds(5), Duration.ofMillis(10)));
    client.runTurn(session, "hi");
    assertThat(client.next("turn_error").path("code").asText()).isEqualTo("TIMEOUT");
  }

  @Test
  void afterARestartTheTurnIsOverAndAFreshAgentIsToldWhatWasSaid() {
    String turn = client.runTurn(session, "first");
    awaitState("running");
    gateway.podium.complete(agent, turn, "one");
    client.next("turn_complete");
    client.runTurn(session, "second");
    awaitState("running");
    String left = session;
    client.close();
    gateway.close();

    gateway = RunningGateway.start(data);
    client = gateway.client();
    client.send("{'type':'join_session','sessionId':'" + left + "','afterSeq':0}");
    assertThat(client.next("state_snapshot").path("state").asText()).isEqualTo("inactive");
    assertThat(client.next("turn_error").path("code").asText()).isEqualTo("SERVER_RESTARTED");
    client.runTurn(left, "third");
    Await.until(() -> !gateway.podium.delivered.isEmpty());
    assertThat(gateway.podium.delivered.getFirst().history())
        .extracting(HistoryEntry::content)
        .containsExactly("first", "one", "second");
  }

  private void restart(SessionTimeouts timeouts) {
    stop();
    gateway = RunningGateway.start(data, timeouts);
    begin();
  }

  private static SessionTimeouts timeouts(Duration stop, Duration silence) {
    return new SessionTimeouts(Duration.ofSeconds(5), silence, stop, Duration.ofMinutes(5));
  }

  private void awaitState(String state) {
    JsonNode frame;
    do {
      frame = client.next("session_state");
    } while (!frame.path("state").asText().equals(state));
  }

  private List<String> states() {
    return client.events().stream()
        .filter(one -> one.path("type").asText().equals("session_state"))
        .map(one -> one.path("state").asText())
        .toList();
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    client.events().stream()
        .filter(one -> one.path("type").asText().equals("text_delta"))
        .forEach(one -> text.append(one.path("text").asText()));
    return text.toString();
  }
}
