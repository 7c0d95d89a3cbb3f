package dev.concert.platform.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.FilesOverHttp;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
import dev.concert.testing.Await;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A session goes back to before a message, files and conversation together; real agents. */
class RewindTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  private ProtocolClient connection;
  private TestClient client;
  private FilesOverHttp files;

  @BeforeEach
  void connect() {
    connection = PLATFORM.connect();
    client = TestClient.echo(connection);
    files = new FilesOverHttp(PLATFORM, client);
  }

  @Test
  void filesAndConversationAreAsTheyWereBeforeTheMessage() {
    client.run("!run mkdir d && printf one > d/a && printf x > gone && ln -s d/a link");
    files.put("d/by-hand", "a person wrote this between two turns");
    client.run("!run chmod 755 gone");
    JsonNode history = history(client);
    FileTree before = FileTree.of(PLATFORM.data(), client.sessionId());
    client.run("!run mv d e && rm gone link && printf two > e/a && printf new > gone2");
    client.run("!write d later");
    JsonNode message = history(client).path(history.size());

    JsonNode rewound = rewind(client, message);

    assertThat(rewound.path("type").asText()).as(rewound.toString()).isEqualTo("session.rewound");
    assertThat(history(client)).isEqualTo(history);
    assertThat(FileTree.of(PLATFORM.data(), client.sessionId())).isEqualTo(before);
    assertThat(client.run("!read d/by-hand").path("finalText").asText()).contains("a person");

    files.post("restore", "{\"sequence\": " + rewound.path("filesBefore") + "}");
    assertThat(files.read("path", "d")).isEqualTo("later");
    assertThat(files.read("path", "e/a")).isEqualTo("two");
  }

  @Test
  void whatTheAgentStoredComesFromNoLaterMessage() {
    client.run("!count");
    client.run("!count");
    assertThat(client.run("!count").path("finalText").asText()).isEqualTo("count 3");

    rewind(client, history(client).path(2));

    assertThat(client.run("!count").path("finalText").asText()).isEqualTo("count 1");
  }

  @Test
  void aSessionGoesBackTwiceAndItsLogKeepsEverything() {
    for (String text : List.of("one", "two", "three")) {
      client.run("!write f.txt " + text);
    }
    JsonNode history = history(client);
    long lastSeq = lastSeq();

    rewind(client, history.path(4));
    client.run("!write g.txt after");
    rewind(client, history.path(2));

    assertThat(files.read("path", "f.txt")).isEqualTo("one");
    assertThat(files.send("GET", "file", new byte[0], "path", "g.txt").statusCode()).isEqualTo(404);
    assertThat(history(client)).hasSize(2);
    assertThat(lastSeq()).isGreaterThan(lastSeq);
    JsonNode events = client.ask("get_events", Map.of("afterSeq", 0, "limit", 5000));
    assertThat(events.path("events").findValuesAsText("content"))
        .contains("!write f.txt three", "!write g.txt after");
    assertThat(rewind(client, history.path(4)).path("code").asText())
        .isEqualTo("MESSAGE_NOT_FOUND");
  }

  @Test
  void nothingGoesBackDuringATurn() {
    client.run("!write f.txt one");
    JsonNode first = history(client).path(0);
    String turn = client.start("!sleep 30");

    assertThat(rewind(client, first).path("code").asText()).isEqualTo("TURN_IN_PROGRESS");

    client.send("stop_turn", Map.of());
    client.awaitEnd(turn);
    assertThat(files.read("path", "f.txt")).isEqualTo("one");
    assertThat(history(client).path(0)).isEqualTo(first);
  }

  @Test
  void ofTwoAtOnceOneGoesBackAndOneIsRefused() {
    client.run("!write f.txt one");
    client.run("!write f.txt two");
    JsonNode history = history(client);
    TestClient other = TestClient.join(PLATFORM.connect(), client.sessionId(), 0);

    client.send("rewind_session", Map.of("messageId", id(history.path(0)), "requestId", "mine"));
    client.send("rewind_session", Map.of("messageId", id(history.path(2)), "requestId", "same"));
    JsonNode third = rewind(other, history.path(2));

    List<String> answers = List.of(answer("mine"), answer("same"), third.path("type").asText());
    assertThat(answers).containsOnlyOnce("session.rewound");
    assertThat(history(client).size()).isIn(0, 2);
    client.run("!write f.txt three");
    assertThat(files.read("path", "f.txt")).isEqualTo("three");
  }

  private String answer(String requestId) {
    return connection
        .await(
            "the answer to " + requestId,
            0,
            one -> one.path("requestId").asText().equals(requestId))
        .path("type")
        .asText();
  }

  @Test
  void theFirstMessageAndTheAnswerToItArePoints() {
    client.run("!write f.txt one");
    JsonNode history = history(client);

    rewind(client, history.path(1));
    assertThat(history(client)).hasSize(1);
    assertThat(files.ask("GET", "files").path("entries")).isEmpty();

    rewind(client, history.path(0));
    assertThat(history(client)).isEmpty();
  }

  @Test
  void aForkHasTheMessagesUpToOneOfThemAndTheFilesOfThatMoment() {
    client.run("!run mkdir d && printf one > d/a && ln -s d/a link && chmod 711 d/a");
    FileTree then = FileTree.of(PLATFORM.data(), client.sessionId());
    JsonNode history = history(client);
    files.put("late", "written before the second turn");
    client.run("!run rm link && mv d e");
    FileTree now = FileTree.of(PLATFORM.data(), client.sessionId());

    TestClient fork = fork(client, Map.of("messageId", id(history.path(1)), "name", "other way"));

    assertThat(history(fork)).isEqualTo(history);
    assertThat(FileTree.of(PLATFORM.data(), fork.sessionId())).isEqualTo(then);
    Await.until("the replay", () -> !fork.events().isEmpty());
    assertThat(fork.events().getFirst().path("seq").asLong()).isEqualTo(1);
    assertThat(fork.run("!write d/a mine").path("finalText").asText()).isEqualTo("wrote d/a");
    assertThat(FileTree.of(PLATFORM.data(), client.sessionId())).isEqualTo(now);
  }

  @Test
  void aForkWithoutAMessageHasEverythingAsItIsNow() {
    client.run("!write f.txt one");
    files.put("by-hand", "since");

    TestClient fork = fork(client, Map.of());

    assertThat(history(fork)).isEqualTo(history(client));
    assertThat(FileTree.of(PLATFORM.data(), fork.sessionId()))
        .isEqualTo(FileTree.of(PLATFORM.data(), client.sessionId()));
  }

  @Test
  void aForkOfARewoundSessionHasNothingOfWhatWasTakenOut() {
    client.run("!write f.txt one");
    client.run("!write f.txt two");
    rewind(client, history(client).path(2));

    TestClient fork = fork(client, Map.of());

    assertThat(history(fork)).hasSize(2);
    JsonNode events = fork.ask("get_events", Map.of("afterSeq", 0, "limit", 5000));
    assertThat(events.toString()).doesNotContain("two");
    fork.run("!write f.txt three");
    rewind(fork, history(fork).path(2));
    assertThat(fork.run("!read f.txt").path("finalText").asText()).isEqualTo("one");
  }

  private static TestClient fork(TestClient of, Map<String, ?> fields) {
    JsonNode created = of.ask("fork_session", fields);
    assertThat(created.path("type").asText()).as(created.toString()).isEqualTo("session_created");
    assertThat(created.at("/session/metadata/forkedFrom/sessionId").asText())
        .isEqualTo(of.sessionId());
    return TestClient.join(of.client(), created.at("/session/id").asText(), 0);
  }

  private long lastSeq() {
    return client.ask("get_events", Map.of("afterSeq", 0, "limit", 1)).path("lastSeq").asLong();
  }

  private static JsonNode history(TestClient of) {
    return of.ask("get_history").path("messages");
  }

  private static JsonNode rewind(TestClient of, JsonNode message) {
    return of.ask("rewind_session", Map.of("messageId", id(message)));
  }

  private static String id(JsonNode message) {
    return message.path("messageId").asText();
  }
}
