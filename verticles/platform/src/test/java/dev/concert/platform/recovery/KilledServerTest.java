package dev.concert.platform.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.Events;
import dev.concert.platform.harness.Leftovers;
import dev.concert.platform.harness.MortalServer;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code kill -9}, and what the next start makes of it. */
class KilledServerTest {
  @RegisterExtension static final MortalServer SERVER = new MortalServer();

  /** When the server dies. */
  enum Moment {
    WHILE_THE_AGENT_STARTS("!stream 100000", _ -> {}),
    AT_THE_FIRST_WORDS("!stream 100000", user -> user.awaitEvent("text_delta")),
    IN_THE_MIDDLE_OF_A_STREAM("!stream 100000", user -> awaitSeq(user, 3000)),
    WHILE_A_PERSON_IS_ASKED("!permit this", user -> user.awaitState("waiting")),
    RIGHT_AFTER_A_FILE_WAS_WRITTEN(
        "!write late.txt late",
        user -> user.awaitEvent("late.txt", 0, event -> isChangeOf(event, "late.txt")));

    private final String text;
    private final Consumer<TestClient> comes;

    Moment(String text, Consumer<TestClient> comes) {
      this.text = text;
      this.comes = comes;
    }

    private static void awaitSeq(TestClient user, long seq) {
      user.awaitEvent("event " + seq, 0, event -> event.path("seq").asLong() >= seq);
    }

    private static boolean isChangeOf(JsonNode event, String path) {
      return event.path("type").asText().equals("file_changed")
          && event.path("path").asText().equals(path);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingThatWasShownIsLostAndTheNextTurnWorks(Moment moment) {
    List<JsonNode> received;
    String sessionId;
    String turnId;
    try (ProtocolClient client = ProtocolClient.connect(SERVER.url())) {
      TestClient user = TestClient.echo(client);
      sessionId = user.sessionId();
      user.run("!write kept.txt kept");
      if (moment == Moment.WHILE_THE_AGENT_STARTS) {
        user = TestClient.echo(client);
        sessionId = user.sessionId();
      }
      turnId = user.start(moment.text);
      moment.comes.accept(user);
      SERVER.kill();
      client.transcript().awaitClose(ProtocolClient.TIMEOUT);
      received = user.events();
    }

    SERVER.startAgain();
    new Leftovers(SERVER.data()).verifyNone();
    try (ProtocolClient client = ProtocolClient.connect(SERVER.url())) {
      assertThat(stateOf(client, sessionId)).isEqualTo("inactive");

      List<JsonNode> replayed = everything(client, sessionId);
      Events.verifyWhole(replayed, 0);
      Events.verifyKept(received, replayed);
      verifyTheTurnIsOver(replayed, turnId);

      verifyTheNextTurnWorks(TestClient.join(client, sessionId, 0), moment);
    }
  }

  private static void verifyTheTurnIsOver(List<JsonNode> replayed, String turnId) {
    List<JsonNode> ends =
        replayed.stream()
            .filter(event -> event.path("turnId").asText().equals(turnId))
            .filter(TestClient::isEnd)
            .toList();
    assertThat(ends).hasSize(1);
    JsonNode end = ends.getFirst();
    if (end.path("type").asText().equals("turn_error")) {
      assertThat(end.path("code").asText()).isEqualTo("SERVER_RESTARTED");
      assertThat(end.path("retryable").asBoolean()).isTrue();
    }
    assertThat(Events.states(replayed).getLast()).isEqualTo("inactive");
  }

  private static void verifyTheNextTurnWorks(TestClient user, Moment moment) {
    assertThat(user.run("on we go").path("finalText").asText()).isEqualTo("on we go");
    if (moment == Moment.WHILE_THE_AGENT_STARTS) {
      return;
    }
    assertThat(user.run("!read kept.txt").path("finalText").asText()).isEqualTo("kept");
    assertThat(
            user.ask("file_history", Map.of("path", "kept.txt"))
                .path("iterations")
                .findValuesAsText("iteration"))
        .containsExactly("1");
    if (moment == Moment.RIGHT_AFTER_A_FILE_WAS_WRITTEN) {
      JsonNode file = user.ask("file_at_iteration", Map.of("path", "late.txt", "iteration", 1));
      assertThat(file.path("content").asText()).isEqualTo("late");
    }
  }

  private static String stateOf(ProtocolClient client, String sessionId) {
    for (JsonNode session : client.ask("list_sessions", Map.of()).path("sessions")) {
      if (session.path("id").asText().equals(sessionId)) {
        return session.path("state").asText();
      }
    }
    return "not listed";
  }

  private static List<JsonNode> everything(ProtocolClient client, String sessionId) {
    List<JsonNode> events = new ArrayList<>();
    boolean more = true;
    while (more) {
      long last = events.isEmpty() ? 0 : events.getLast().path("seq").asLong();
      JsonNode page =
          client.ask("get_events", Map.of("sessionId", sessionId, "afterSeq", last, "limit", 5000));
      page.path("events").forEach(events::add);
      more = page.path("hasMore").asBoolean();
    }
    return events;
  }
}
