package dev.concert.gateway;

import static dev.concert.gateway.ApiClient.code;
import static dev.concert.gateway.ApiClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.protocol.ServerEvent;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The events of a session and of a turn as server-sent events. */
class EventStreamTest {
  @TempDir Path data;
  private RunningGateway gateway;
  private ApiClient api;
  private String session;
  private String instance;

  @BeforeEach
  void start() {
    gateway = RunningGateway.start(data);
    api = new ApiClient(gateway.port);
    session = api.createSession();
    instance = "agent_" + session.substring("/api/sessions/".length());
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private SseClient events(long afterSeq, String... headers) {
    return new SseClient(
        gateway.port, "GET", session + "/events?afterSeq=" + afterSeq, "", headers);
  }

  private SseClient turn(String body, String... headers) {
    return new SseClient(gateway.port, "POST", session + "/turns", body, headers);
  }

  private String startTurn() {
    int before = gateway.podium.delivered.size();
    String turn = json(api.post(session + "/turns", "{'text':'Go'}"), 202).path("turnId").asText();
    Await.until(() -> gateway.podium.delivered.size() > before);
    return turn;
  }

  private void say(String text) {
    gateway.podium.say(instance, new ServerEvent.TextDelta(text));
  }

  @Test
  void aTurnThatIsStartedWithAStreamEndsItWithItsLastEvent() {
    try (SseClient client = turn("{'text':'Hello'}")) {
      SseClient.Event started = client.next().orElseThrow();
      assertThat(client.head)
          .contains("content-type: text/event-stream", "cache-control: private, no-cache");
      assertThat(started.name()).isEqualTo("turn_started");
      assertThat(started.id()).isEqualTo(started.data().path("seq").asLong());
      Await.until(() -> !gateway.podium.delivered.isEmpty());
      say("Hi.");
      gateway.podium.complete(instance, started.data().path("turnId").asText(), "Hi.");

      List<SseClient.Event> rest = client.rest();

      assertThat(rest.getLast().name()).isEqualTo("turn_complete");
      assertThat(rest.stream().map(SseClient.Event::name)).contains("text_delta", "session_state");
      assertThat(rest.stream().map(one -> one.data().path("type").asText()))
          .containsExactlyElementsOf(rest.stream().map(SseClient.Event::name).toList());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aStreamThatIsCutAnywhereGoesOnWithoutAHoleOrARepeat(long seed) {
    Random random = new Random(seed);
    List<SseClient.Event> seen = new ArrayList<>();
    StringBuilder said = new StringBuilder();
    String turn = startTurn();
    Thread agent =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (int i = 0; i < 400; i++) {
                    String piece = i + " ";
                    said.append(piece);
                    say(piece);
                    if (i % 50 == 0) {
                      gateway.podium.say(instance, new ServerEvent.ToolCallStart("c" + i, "bash"));
                    }
                  }
                  gateway.podium.complete(instance, turn, said.toString());
                });

    while (seen.isEmpty() || !seen.getLast().name().equals("turn_complete")) {
      String last = "Last-Event-ID: " + (seen.isEmpty() ? 0 : seen.getLast().id());
      try (SseClient client = events(0, last)) {
        int cut = 1 + random.nextInt(60);
        for (int i = 0; i < cut; i++) {
          Optional<SseClient.Event> one = client.next();
          one.ifPresent(seen::add);
          if (one.isEmpty() || one.get().name().equals("turn_complete")) {
            break;
          }
        }
      }
    }

    assertThat(agent.isInterrupted()).isFalse();
    assertWithoutHoleOrRepeat(seen);
    assertThat(textOf(seen)).isEqualTo(said.toString());
  }

  private static void assertWithoutHoleOrRepeat(List<SseClient.Event> seen) {
    long covered = 0;
    for (SseClient.Event one : seen) {
      assertThat(one.data().path("firstSeq").asLong(one.id())).isEqualTo(covered + 1);
      covered = one.id();
    }
  }

  private static String textOf(List<SseClient.Event> seen) {
    return seen.stream()
        .filter(one -> one.name().equals("text_delta"))
        .map(one -> one.data().path("text").asText())
        .collect(Collectors.joining());
  }

  @Test
  void aReaderThatIsTooSlowIsCutOffAndFindsTheRestWhenItComesBack() {
    String piece = "x".repeat(64 << 10);
    String turn = startTurn();
    List<SseClient.Event> seen = new ArrayList<>();
    try (SseClient slow = events(0)) {
      seen.add(slow.next().orElseThrow());
      for (int i = 0; i < 200; i++) {
        say(piece);
      }
      gateway.podium.complete(instance, turn, "");
      awaitEnd();
      seen.addAll(slow.rest());
    }
    assertThat(seen.getLast().name()).isNotEqualTo("turn_complete");

    try (SseClient again = events(0, "Last-Event-ID: " + seen.getLast().id())) {
      while (!seen.getLast().name().equals("turn_complete")) {
        seen.add(again.next().orElseThrow());
      }
    }

    assertWithoutHoleOrRepeat(seen);
    assertThat(textOf(seen)).hasSize(200 * piece.length());
  }

  /** A fast reader sees the end of the turn. */
  private void awaitEnd() {
    try (SseClient fast = events(0)) {
      while (!fast.next().orElseThrow().name().equals("turn_complete")) {
        // Reads on.
      }
    }
  }

  @Test
  void aStreamOfATurnIsTakenUpAgainByItsName() {
    String body = "{'text':'Hello','clientTurnId':'mine'}";
    SseClient.Event started;
    try (SseClient first = turn(body)) {
      started = first.next().orElseThrow();
    }
    Await.until(() -> !gateway.podium.delivered.isEmpty());
    gateway.podium.complete(instance, started.data().path("turnId").asText(), "Hi.");

    List<SseClient.Event> rest;
    try (SseClient again = turn(body, "Last-Event-ID: " + started.id())) {
      rest = again.rest();
    }

    assertThat(rest.getFirst().id()).isEqualTo(started.id() + 1);
    assertThat(rest.getLast().name()).isEqualTo("turn_complete");
    assertThat(gateway.podium.delivered).hasSize(1);
    // A later turn does not belong to it.
    String later = startTurn();
    gateway.podium.complete(instance, later, "Later.");
    try (SseClient over = turn(body, "Last-Event-ID: " + rest.getLast().id())) {
      assertThat(over.status()).contains("204");
    }
  }

  @Test
  void aWrongPlaceIsRefusedBeforeATurnStarts() {
    for (String headers : List.of("7", "x", "-1")) {
      assertThat(
              code(
                  api.post(
                      session + "/turns",
                      "{'text':'Hello'}",
                      "Accept",
                      "text/event-stream",
                      "Last-Event-ID",
                      headers),
                  400))
          .isEqualTo("INVALID_MESSAGE");
    }
    assertThat(code(api.get(session + "/events", "Accept", "text/event-stream"), 400))
        .isEqualTo("INVALID_MESSAGE");
    assertThat(gateway.podium.delivered).isEmpty();
  }

  @Test
  void aStreamEndsWithItsSession() {
    try (SseClient client = events(0)) {
      assertThat(client.status()).contains("200");
      json(api.send("DELETE", session, ""), 200);

      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void aStreamIsRefusedLikeAnyRequest() {
    try (SseClient client =
        new SseClient(gateway.port, "GET", "/api/sessions/none/events?afterSeq=0", "")) {
      assertThat(client.status()).contains("404");
      assertThat(client.head).contains("content-type: application/problem+json");
    }
  }

  @Test
  void afterTheLargestNumberThereIsNoEvent() {
    assertThat(json(api.get(session + "/events?afterSeq=" + Long.MAX_VALUE), 200).path("events"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"first", "-1", "9223372036854775808"})
  void aLastEventThatIsNoNumberIsNamedAlsoWithoutAStream(String id) {
    assertThat(code(api.get(session + "/events?afterSeq=0", "Last-Event-ID", id), 400))
        .isEqualTo("INVALID_MESSAGE");
    assertThat(code(api.post(session + "/turns", "{'text':'Go'}", "Last-Event-ID", id), 400))
        .isEqualTo("INVALID_MESSAGE");
    assertThat(gateway.podium.delivered).isEmpty();
  }
}
