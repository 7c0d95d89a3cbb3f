package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.foundation.sqlite.SqliteDatabase;
import dev.concert.json.Json;
import dev.concert.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A data folder of the build before the neutral event record (commit 6255cba), whose server was
 * killed in the middle of a turn: three turns in the session's database, the fourth in the journal.
 * {@code seen.json} has what its client had seen.
 */
class OldDataTest {
  @TempDir Path data;
  private JsonNode seen;
  private String session;

  @BeforeEach
  void copy() throws Exception {
    Path old = Path.of(OldDataTest.class.getResource("/data-format-1").toURI());
    try (Stream<Path> files = Files.walk(old)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = data.resolve(old.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    seen = Json.MAPPER.readTree(old.resolve("seen.json").toFile());
    session = seen.path("session").asText();
  }

  @Test
  void aClientGetsFromTheNewBuildEveryEventThatTheOldOneShowed() {
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client()) {
      client.send("{'type':'join_session','sessionId':'" + session + "','afterSeq':0}");
      client.next("turn_error");
      client.next("session_state");

      List<JsonNode> replayed = client.events();
      int old = seen.path("events").size();
      assertThat(joined(replayed).subList(0, joined(seenEvents()).size()))
          .isEqualTo(joined(seenEvents()));
      long next = 1;
      for (JsonNode event : replayed) {
        assertThat(event.path("firstSeq").asLong(event.path("seq").asLong())).isEqualTo(next);
        next = event.path("seq").asLong() + 1;
      }
      assertThat(next).as("two events about the restart follow").isEqualTo(old + 3);
    }
  }

  @Test
  void aSessionOfTheOldBuildGoesOn() {
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client()) {
      client.join(session);
      String turn = client.runTurn(session, "go on");
      Await.until(() -> !gateway.podium.delivered.isEmpty());
      assertThat(gateway.podium.delivered.getFirst().history()).hasSizeGreaterThanOrEqualTo(6);
      gateway.podium.complete("agent_" + session, turn, "done");
      client.next("turn_complete");
    }
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client()) {
      client.send("{'type':'join_session','sessionId':'" + session + "','afterSeq':0}");
      Await.until(
          () -> {
            client.next();
            return client.events().stream()
                .anyMatch(event -> event.path("finalText").asText().equals("done"));
          });
      assertThat(joined(client.events()).subList(0, joined(seenEvents()).size()))
          .isEqualTo(joined(seenEvents()));
    }
  }

  @Test
  void anOlderBuildRefusesTheNewFilesWithASentence() {
    RunningGateway.start(data).close();
    for (Path file :
        List.of(
            data.resolve("journal.db"),
            data.resolve("sessions").resolve(session).resolve("session.db"))) {
      assertThatThrownBy(() -> SqliteDatabase.open(file, List.of("the old build's only script;")))
          .rootCause()
          .message()
          .containsPattern("schema version is [23], this program knows 1")
          .contains("start a newer Concert");
    }
  }

  private List<JsonNode> seenEvents() {
    List<JsonNode> events = new ArrayList<>();
    seen.path("events").forEach(events::add);
    return events;
  }

  /** The events as text, pieces of one text joined, without what a merge changes. */
  private static List<String> joined(List<JsonNode> events) {
    List<String> joined = new ArrayList<>();
    String open = "";
    for (JsonNode event : events) {
      var copy = ((com.fasterxml.jackson.databind.node.ObjectNode) event).deepCopy();
      copy.remove(List.of("seq", "firstSeq", "ts", "requestId"));
      boolean piece =
          List.of("text_delta", "thinking_progress").contains(copy.path("type").asText());
      String text = piece ? copy.remove("text").asText() : "";
      String kind = copy.toString();
      if (piece && kind.equals(open)) {
        joined.set(joined.size() - 1, joined.getLast() + text);
      } else {
        joined.add(kind + text);
      }
      open = piece ? kind : "";
    }
    return joined;
  }
}
