package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.json.Json;
import dev.concert.protocol.ServerEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replies have a bound, and no client is cut off for what it asked. */
class LargeRepliesTest {
  private static final int MIB = 1 << 20;

  @TempDir Path data;
  private RunningGateway gateway;
  private FakeChronicle chronicle;
  private TestClient client;
  private String session;

  @BeforeEach
  void start() {
    gateway = RunningGateway.start(data);
    chronicle = new FakeChronicle(gateway.podium);
    client = gateway.client();
    session = client.createSession();
  }

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
  }

  private void askForFile(String path, String requestId) {
    client.send(
        "{'type':'read_file','sessionId':'%s','path':'%s','requestId':'%s'}"
            .formatted(session, path, requestId));
  }

  @Test
  void aFileThatIsTooLargeForAReplyIsRefusedWithTheRouteThatHasIt() {
    chronicle.files.put("large", "x".repeat(7 * MIB));
    askForFile("large", "r");
    JsonNode refused = client.next("error");
    assertThat(refused.path("code").asText()).isEqualTo("FILE_TOO_LARGE");
    assertThat(refused.path("requestId").asText()).isEqualTo("r");
    assertThat(refused.path("message").asText()).contains("GET /api/sessions/{sessionId}/file");
    client.send("{'type':'ping','requestId':'p'}");
    assertThat(client.next().path("type").asText()).isEqualTo("pong");
  }

  @Test
  void whoAsksForManyLargeFilesAtOnceGetsThemAll() {
    chronicle.files.put("f", "x".repeat(3 * MIB));
    Set<String> asked = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      asked.add("r" + i);
      askForFile("f", "r" + i);
    }
    Set<String> answered = new HashSet<>();
    while (answered.size() < asked.size()) {
      JsonNode frame = client.next();
      assertThat(frame.path("type").asText()).isEqualTo("file_content");
      answered.add(frame.path("requestId").asText());
    }
    assertThat(answered).isEqualTo(asked);
  }

  @Test
  void aHistoryOfLongMessagesComesInPagesAndNoneIsLost() {
    client.join(session);
    for (int i = 0; i < 5; i++) {
      String turn = client.runTurn(session, "m" + i);
      gateway.podium.complete("agent_" + session, turn, i + "y".repeat(MIB));
      client.next("turn_complete");
    }
    List<String> starts = new ArrayList<>();
    String before = "";
    boolean more = true;
    while (more) {
      client.send(
          "{'type':'get_history','sessionId':'%s','limit':500%s}".formatted(session, before));
      JsonNode page = client.next("history");
      List<String> found = new ArrayList<>();
      page.path("messages")
          .forEach(message -> found.add(message.path("content").asText().substring(0, 1)));
      starts.addAll(0, found);
      before = ",'before':'%s'".formatted(page.path("messages").get(0).path("messageId").asText());
      more = page.path("hasMore").asBoolean();
    }
    assertThat(starts).containsExactly("m", "0", "m", "1", "m", "2", "m", "3", "m", "4");
  }

  @Test
  void largeEventsComeInPagesAndNoneIsLost() {
    client.join(session);
    for (int i = 0; i < 4; i++) {
      String turn = client.runTurn(session, "m" + i);
      gateway.podium.complete("agent_" + session, turn, i + "y".repeat(MIB));
      client.next("turn_complete");
    }
    List<Long> seqs = new ArrayList<>();
    int pages = 0;
    long lastSeq = 1;
    boolean more = true;
    while (more) {
      long after = seqs.isEmpty() ? 0 : seqs.getLast();
      client.send(
          "{'type':'get_events','sessionId':'%s','afterSeq':%d,'limit':500}"
              .formatted(session, after));
      JsonNode page = client.next("events");
      page.path("events").forEach(event -> seqs.add(event.path("seq").asLong()));
      lastSeq = page.path("lastSeq").asLong();
      more = page.path("hasMore").asBoolean();
      pages++;
    }
    assertThat(seqs).isSorted().doesNotHaveDuplicates().endsWith(lastSeq);
    assertThat(seqs.size()).isEqualTo(lastSeq);
    assertThat(pages).isGreaterThan(1);
  }

  @Test
  void aHistoryBeforeAMessageThatThereIsNotIsAnError() {
    client.send(
        "{'type':'get_history','sessionId':'%s','before':'msg_none','requestId':'h'}"
            .formatted(session));
    JsonNode refused = client.next("error");
    assertThat(refused.path("code").asText()).isEqualTo("INVALID_MESSAGE");
    assertThat(refused.path("message").asText()).contains("'before'");
    assertThat(refused.path("requestId").asText()).isEqualTo("h");
  }

  @Test
  void aListOfSessionsWithMuchMetadataComesInPagesAndNoneIsLost() {
    ObjectNode create =
        Json.MAPPER.createObjectNode().put("type", "create_session").put("agentType", "echo");
    create.putObject("metadata").put("k", "z".repeat(16_000));
    List<String> created = new ArrayList<>(List.of(session));
    for (int i = 0; i < 100; i++) {
      if (i % 50 == 0) {
        client.close();
        client = gateway.client();
      }
      client.send(create);
      created.add(client.next("session_created").path("session").path("id").asText());
    }
    List<String> listed = new ArrayList<>();
    String cursor = "";
    int pages = 0;
    do {
      client.send("{'type':'list_sessions','limit':500%s}".formatted(cursor));
      JsonNode page = client.next("session_list");
      page.path("sessions").forEach(one -> listed.add(one.path("id").asText()));
      cursor = ",'cursor':'%s'".formatted(page.path("nextCursor").asText());
      pages++;
    } while (!cursor.equals(",'cursor':''"));
    assertThat(pages).isGreaterThan(1);
    assertThat(listed).containsExactlyInAnyOrderElementsOf(created);
  }

  @Test
  void anEventThatIsLargerThanABacklogCutsNobodyOff() {
    client.join(session);
    String turn = client.runTurn(session, "hi");
    gateway.podium.say("agent_" + session, new ServerEvent.TextDelta("t".repeat(12 * MIB)));
    gateway.podium.complete("agent_" + session, turn, "f".repeat(12 * MIB));
    assertThat(client.next("text_delta").path("text").asText()).contains("left out");
    assertThat(client.next("turn_complete").path("finalText").asText()).contains("left out");
  }

  @Test
  void whoJoinsInTheMiddleOfALongAnswerGetsTheEndOfIt() {
    client.join(session);
    client.runTurn(session, "hi");
    for (int i = 0; i < 12; i++) {
      gateway.podium.say(
          "agent_" + session,
          new ServerEvent.TextDelta((i == 11 ? "end" : "") + "t".repeat(MIB / 4)));
    }
    JsonNode last;
    do {
      last = client.next("text_delta");
    } while (!last.path("text").asText().startsWith("end"));
    try (TestClient late = gateway.client()) {
      late.send("{'type':'join_session','sessionId':'" + session + "'}");
      JsonNode snapshot = late.next();
      assertThat(snapshot.path("type").asText()).isEqualTo("state_snapshot");
      assertThat(snapshot.path("turn").path("text").asText()).hasSize(256 << 10);
    }
  }
}
