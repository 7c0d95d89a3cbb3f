package dev.concert.platform.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.Events;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Creating, listing, leaving and reading sessions. */
class SessionMessagesTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @Test
  void aNewSessionHasWhatWasAskedFor() {
    JsonNode created =
        PLATFORM
            .connect()
            .ask(
                "create_session",
                Map.of(
                    "agentType", "echo",
                    "name", "mine",
                    "model", "demo",
                    "metadata", Map.of("colour", "blue"),
                    "aFieldOfALaterVersion", 1));

    JsonNode session = created.path("session");
    assertThat(created.path("type").asText()).isEqualTo("session_created");
    assertThat(session.path("name").asText()).isEqualTo("mine");
    assertThat(session.path("agentType").asText()).isEqualTo("echo");
    assertThat(session.path("model").asText()).isEqualTo("demo");
    assertThat(session.path("state").asText()).isEqualTo("inactive");
    assertThat(session.path("metadata").path("colour").asText()).isEqualTo("blue");
    assertThat(session.path("lastSeq").asLong()).isZero();
    assertThat(session.path("archived").asBoolean()).isFalse();
  }

  @Test
  void anUnknownAgentTypeIsRefusedByNameWithTheKnownOnes() {
    JsonNode answer = PLATFORM.connect().ask("create_session", Map.of("agentType", "nobody"));

    assertThat(answer.path("code").asText()).isEqualTo("AGENT_TYPE_UNKNOWN");
    assertThat(answer.path("message").asText()).contains("nobody", "echo", "coding-agent");
  }

  @Test
  void anUnknownModelIsRefusedByNameWithTheServedOnesAndMakesNoSession() {
    ProtocolClient client = PLATFORM.connect();
    JsonNode models = client.ask("list_models", Map.of());
    assertThat(models.path("defaultModel").asText()).isEqualTo("demo");
    assertThat(models.findValuesAsText("id")).contains("demo");
    assertThat(models.at("/models/0/contextWindow").asInt()).isPositive();

    JsonNode answer =
        client.ask("create_session", Map.of("agentType", "echo", "name", "none", "model", "nope"));

    assertThat(answer.path("code").asText()).isEqualTo("MODEL_UNKNOWN");
    assertThat(answer.path("message").asText()).contains("'nope'", "demo");
    assertThat(client.ask("list_sessions", Map.of()).findValuesAsText("name"))
        .doesNotContain("none");
  }

  @Test
  void aSessionThatIsNotThereIsNotFoundWhateverIsAsked() {
    ProtocolClient client = PLATFORM.connect();
    Map<String, Map<String, ?>> messages =
        Map.of(
            "join_session", Map.of(),
            "run_turn", Map.of("text", "x"),
            "stop_turn", Map.of(),
            "get_history", Map.of(),
            "get_events", Map.of("afterSeq", 0),
            "list_files", Map.of(),
            "read_file", Map.of("path", "a"),
            "leave_session", Map.of());

    messages.forEach(
        (type, fields) -> {
          Map<String, Object> all = new HashMap<>(fields);
          all.put("sessionId", "00000000-0000-0000-0000-000000000000");
          assertThat(client.ask(type, all).path("code").asText())
              .as(type)
              .isEqualTo("SESSION_NOT_FOUND");
        });
  }

  @Test
  void aListIsReadPageByPageWithoutARepeat() {
    ProtocolClient client = PLATFORM.connect();
    List<String> created = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      created.add(
          client
              .ask("create_session", Map.of("agentType", "echo", "name", "page " + i))
              .path("session")
              .path("id")
              .asText());
    }

    List<String> listed = new ArrayList<>();
    Map<String, Object> fields = new HashMap<>(Map.of("limit", 3));
    while (true) {
      JsonNode page = client.ask("list_sessions", fields);
      assertThat(page.path("sessions").size()).isLessThanOrEqualTo(3);
      page.path("sessions").forEach(session -> listed.add(session.path("id").asText()));
      if (!page.hasNonNull("nextCursor")) {
        break;
      }
      fields.put("cursor", page.path("nextCursor").asText());
    }

    assertThat(listed).doesNotHaveDuplicates().containsAll(created);
  }

  @Test
  void aCursorThatNobodyGaveIsRefused() {
    ProtocolClient client = PLATFORM.connect();

    for (String cursor : List.of("nonsense", ":", "12", "x:y")) {
      JsonNode answer = client.ask("list_sessions", Map.of("cursor", cursor));
      assertThat(answer.path("code").asText()).as(cursor).isEqualTo("INVALID_MESSAGE");
    }
  }

  @Test
  void whoLeavesASessionHearsNoMoreOfIt() {
    ProtocolClient leaving = PLATFORM.connect();
    TestClient user = TestClient.echo(leaving);
    TestClient staying = TestClient.join(PLATFORM.connect(), user.sessionId(), 0);

    assertThat(user.ask("leave_session").path("type").asText()).isEqualTo("session_left");
    int before = user.events().size();
    staying.run("nobody hears this");

    assertThat(user.ask("get_events", Map.of("afterSeq", 0)).path("events")).isNotEmpty();
    assertThat(user.events()).hasSize(before);
  }

  @Test
  void theHistoryIsReadBackwardsPageByPage() {
    TestClient user = TestClient.echo(PLATFORM.connect());
    for (String text : List.of("one", "two", "three")) {
      user.run(text);
    }

    JsonNode newest = user.ask("get_history", Map.of("limit", 4));
    JsonNode older =
        user.ask(
            "get_history",
            Map.of(
                "limit", 4, "before", newest.path("messages").get(0).path("messageId").asText()));

    assertThat(newest.path("messages").findValuesAsText("content"))
        .containsExactly("two", "two", "three", "three");
    assertThat(newest.path("messages").findValuesAsText("role"))
        .containsExactly("user", "assistant", "user", "assistant");
    assertThat(newest.path("hasMore").asBoolean()).isTrue();
    assertThat(older.path("messages").findValuesAsText("content")).containsExactly("one", "one");
    assertThat(older.path("hasMore").asBoolean()).isFalse();
  }

  @Test
  void theEventsAreReadPageByPageWithoutAHole() {
    TestClient user = TestClient.echo(PLATFORM.connect());
    user.run("!think hard");
    user.run("!permit this");

    List<JsonNode> read = new ArrayList<>();
    long last = 0;
    boolean more = true;
    while (more) {
      JsonNode page = user.ask("get_events", Map.of("afterSeq", last, "limit", 5));
      page.path("events").forEach(read::add);
      last = read.getLast().path("seq").asLong();
      more = page.path("hasMore").asBoolean();
      assertThat(page.path("events").size()).isLessThanOrEqualTo(5);
    }

    Events.verifyWhole(read, 0);
    assertThat(Events.merged(read)).isEqualTo(Events.merged(user.events()));
  }

  @Test
  void aSnapshotSaysWhatHappenedSoFarInTheTurn() {
    TestClient user = TestClient.echo(PLATFORM.connect());
    String turnId = user.start("!permit this");
    user.awaitState("waiting");

    JsonNode snapshot =
        PLATFORM.connect().ask("join_session", Map.of("sessionId", user.sessionId()));

    assertThat(snapshot.path("type").asText()).isEqualTo("state_snapshot");
    assertThat(snapshot.path("state").asText()).isEqualTo("waiting");
    assertThat(snapshot.path("turn").path("turnId").asText()).isEqualTo(turnId);
    assertThat(snapshot.path("turn").path("openToolCalls")).hasSize(1);
    assertThat(snapshot.path("turn").path("openQuestions")).hasSize(1);
    assertThat(snapshot.path("lastSeq").asLong()).isPositive();
    user.ask("stop_turn");
  }
}
