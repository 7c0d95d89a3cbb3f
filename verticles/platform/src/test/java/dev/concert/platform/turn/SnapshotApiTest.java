package dev.concert.platform.turn;

import static dev.concert.platform.harness.FilesOverHttp.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.FilesOverHttp;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Snapshots of a session's workspace over HTTP, with a real mount behind. */
class SnapshotApiTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  private TestClient client;
  private FilesOverHttp files;

  @BeforeEach
  void sit() {
    client = TestClient.echo(PLATFORM.connect());
    files = new FilesOverHttp(PLATFORM, client);
  }

  @Test
  void aSnapshotIsRestoredBetweenTurnsAndUndoneAgain() {
    client.run("!write f.txt one");
    JsonNode made = files.post("snapshots", "{\"name\": \"good\"}");
    assertThat(made.path("sequence").asLong()).isEqualTo(1);
    client.run("!write f.txt two");
    client.run("!write g.txt since");

    JsonNode restored = files.post("snapshots/good/restore", "");

    assertThat(restored.path("written").asInt()).isEqualTo(1);
    assertThat(restored.path("deleted").asInt()).isEqualTo(1);
    assertThat(client.run("!read f.txt").path("finalText").asText()).contains("one");
    client.awaitEvent(
        "the deletion",
        0,
        event ->
            event.path("type").asText().equals("file_changed")
                && event.path("change").asText().equals("deleted")
                && event.path("path").asText().equals("g.txt"));
    files.post("restore", "{\"sequence\": " + restored.path("before") + "}");
    assertThat(client.run("!read f.txt").path("finalText").asText()).contains("two");
    assertThat(files.read("path", "g.txt")).isEqualTo("since");

    assertThat(files.ask("GET", "snapshots").path("snapshots").findValuesAsText("name"))
        .containsExactly("good");
    files.ask("DELETE", "snapshots/good");
    assertThat(files.ask("GET", "snapshots").path("snapshots")).isEmpty();
  }

  @Test
  void aWorkspaceGoesBackToATimeBeforeItsAgentWasEvenStarted() {
    files.put("f.txt", "first");
    long then = files.ask("GET", "history", "path", "f.txt").at("/iterations/0/timestamp").asLong();
    client.run("!write f.txt second");

    files.post("restore", "{\"at\": " + then + "}");

    assertThat(files.read("path", "f.txt")).isEqualTo("first");
  }

  @Test
  void nothingIsRestoredWhileTheAgentIsAtWork() {
    client.run("!write f.txt one");
    files.post("snapshots", "{\"name\": \"s\"}");
    client.run("!write f.txt two");
    String turn = client.start("!sleep 30");

    JsonNode refused = json(files.send("POST", "snapshots/s/restore", new byte[0]), 409);

    assertThat(refused.path("code").asText()).isEqualTo("TURN_IN_PROGRESS");
    assertThat(files.read("path", "f.txt")).isEqualTo("two");
    client.send("stop_turn", Map.of());
    client.awaitEnd(turn);
    files.post("snapshots/s/restore", "");
    assertThat(files.read("path", "f.txt")).isEqualTo("one");
  }

  @Test
  void aWorkspaceHasARetentionPolicyOfItsOwnWhenItIsGivenOne() {
    assertThat(files.ask("GET", "retention").toString())
        .startsWith("{\"policy\":\"all\",\"own\":false,\"excluded\":[\"node_modules/\",");

    byte[] policy =
        "{\"policy\": \"last:7\", \"excluded\": [\"*.tmp\"]}".getBytes(StandardCharsets.UTF_8);
    json(files.send("PUT", "retention", policy), 200);

    assertThat(files.ask("GET", "retention").toString())
        .isEqualTo("{\"policy\":\"last:7\",\"own\":true,\"excluded\":[\"*.tmp\"]}");
    assertThat(files.ask("DELETE", "retention").path("own").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST | snapshots | {} | 400 | INVALID_MESSAGE",
        "POST | snapshots | {\"name\": [1]} | 400 | INVALID_MESSAGE",
        "POST | snapshots | not json | 400 | INVALID_MESSAGE",
        "POST | snapshots | {\"name\": \"../x\"} | 400 | INVALID_MESSAGE",
        "POST | snapshots | {\"name\": \"taken\"} | 409 | SNAPSHOT_EXISTS",
        "POST | snapshots/none/restore | {} | 404 | SNAPSHOT_NOT_FOUND",
        "DELETE | snapshots/none | {} | 404 | SNAPSHOT_NOT_FOUND",
        "PUT | retention | {} | 400 | INVALID_MESSAGE",
        "PUT | retention | {\"policy\": \"\"} | 400 | INVALID_MESSAGE",
        "PUT | retention | {\"policy\": \"last:0\"} | 400 | INVALID_MESSAGE",
        "POST | restore | {} | 400 | INVALID_MESSAGE",
        "POST | restore | {\"at\": \"some day\"} | 400 | INVALID_MESSAGE",
        "POST | restore | {\"at\": \"1999-01-01\"} | 404 | ITERATION_NOT_FOUND",
        "POST | restore | {\"sequence\": 99} | 404 | ITERATION_NOT_FOUND"
      })
  void whatIsWrongIsNamedAndChangesNothing(
      String method, String route, String body, int status, String code) {
    files.put("f.txt", "there");
    files.post("snapshots", "{\"name\": \"taken\"}");

    JsonNode refused =
        json(files.send(method, route, body.getBytes(StandardCharsets.UTF_8)), status);

    assertThat(refused.path("code").asText()).isEqualTo(code);
    assertThat(files.read("path", "f.txt")).isEqualTo("there");
    assertThat(files.ask("GET", "history", "path", "f.txt").path("iterations")).hasSize(1);
  }
}
