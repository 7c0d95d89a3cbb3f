package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.audit.AuditEntry;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.registry.Registries;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import dev.concert.workspace.SnapshotMessages.RestoreWorkspace;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session goes back, with played coordinator and workspace. */
@ExpectedLog(
    logger = "dev.concert.gateway.session.SessionRewind",
    message = "(stays noted|is not back yet)",
    required = false)
@ExpectedLog(
    logger = "dev.concert.gateway.session.TurnCheckpoints",
    message = "It is not known which files belong to turn",
    required = false)
class RewindTest {
  @TempDir private Path data;

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whoAskedGetsTheEventInEveryProtocolAndTheNextEventLeavesNoHole(int version) {
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client(version);
        TestClient other = gateway.client(1)) {
      String session = client.createSession();
      client.join(session);
      other.join(session);
      gateway.podium.filesLatest = 7;
      turn(gateway, client, session, "one");
      gateway.podium.filesLatest = 9;
      turn(gateway, client, session, "two");

      rewind(client, session, message(client, session, 2));

      JsonNode event = client.next("session.rewound");
      assertThat(event.path("requestId").asText()).isEqualTo("rewind");
      assertThat(event.path("filesAt").asLong()).isEqualTo(9);
      assertThat(gateway.podium.restores)
          .containsExactly(new RestoreWorkspace("agent_" + session, "#9", true));
      assertThat(gateway.podium.resets).hasSize(1);
      assertThat(messages(client, session)).hasSize(2);
      turn(gateway, client, session, "three");
      other.next("turn_complete");
      Await.until(() -> covers(other));
      assertThat(covers(client)).isTrue();
      assertThat(other.everything()).doesNotContain("session.rewound");
    }
  }

  @Test
  void aRewindIsInTheAuditLog() {
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client(2)) {
      String session = client.createSession();
      client.join(session);
      turn(gateway, client, session, "one");
      rewind(client, session, message(client, session, 0));
      client.next("session.rewound");

      awaitAudit(gateway, session, "session.rewound");
    }
  }

  @Test
  void aForkRightAfterATurnHasTheFilesOfThatTurnAndIsInTheAuditLog() {
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client(2)) {
      String session = client.createSession();
      client.join(session);
      String turn = client.runTurn(session, "one");
      Await.until(() -> gateway.podium.delivered.size() == 1);
      Promise<Void> files = Promise.promise();
      gateway.podium.beforeChanges = files.future();
      gateway.podium.filesLatest = 5;
      gateway.podium.complete("agent_" + session, turn, "done");
      client.next("turn_complete");

      client.send(
          "{'type':'fork_session','sessionId':'%s','messageId':'%s'}"
              .formatted(session, message(client, session, 1)));
      client.send("{'type':'list_sessions'}");
      client.next("session_list");
      files.complete();

      Await.until("the files are copied", () -> gateway.podium.forks.size() == 1);
      assertThat(gateway.podium.forks.getFirst().moment()).isEqualTo("#5");
      awaitAudit(gateway, session, "session.forked");
    }
  }

  private void awaitAudit(RunningGateway gateway, String session, String action) {
    Registries other = new Registries(gateway.vertx, data.resolve("tenants"));
    AuditLog audit = new AuditLog(other);
    Await.until(
        "it is noted",
        () ->
            RunningGateway.await(audit.read("dev", OptionalLong.empty(), 10)).stream()
                .filter(entry -> entry.subject().equals(session))
                .map(AuditEntry::action)
                .toList()
                .equals(List.of(action)));
    RunningGateway.await(other.close());
  }

  /** Whether each event begins where the one before it ended. */
  private static boolean covers(TestClient client) {
    long last = 0;
    for (JsonNode event : client.events()) {
      long seq = event.path("seq").asLong();
      if (event.path("firstSeq").asLong(seq) != last + 1) {
        return false;
      }
      last = seq;
    }
    return true;
  }

  @Test
  void aSessionWaitsForAServiceThatIsAwayAndStartsNoTurnMeanwhile() {
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client(2)) {
      String session = client.createSession();
      client.join(session);
      turn(gateway, client, session, "one");
      gateway.podium.refusedReset = Optional.of(ErrorCode.PODIUM_UNAVAILABLE);

      rewind(client, session, message(client, session, 0));

      assertThat(client.next("error").path("code").asText()).isEqualTo("PODIUM_UNAVAILABLE");
      client.send("{'type':'run_turn','sessionId':'" + session + "','text':'two'}");
      assertThat(client.next("error").path("code").asText()).isEqualTo("TURN_IN_PROGRESS");
      rewind(client, session, "any");
      assertThat(client.next("error").path("code").asText()).isEqualTo("TURN_IN_PROGRESS");
      gateway.podium.refusedReset = Optional.empty();
      client.next("session.rewound");
      assertThat(messages(client, session)).isEmpty();
      turn(gateway, client, session, "two");
    }
  }

  @Test
  void theNextStartFinishesWhatWasBegunAndASecondOneDoesNothing() {
    String session;
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client(2)) {
      session = client.createSession();
      client.join(session);
      turn(gateway, client, session, "one");
      gateway.podium.refusedReset = Optional.of(ErrorCode.PODIUM_UNAVAILABLE);
      rewind(client, session, message(client, session, 0));
      client.next("error");
    }
    for (int start = 0; start < 2; start++) {
      try (RunningGateway gateway = RunningGateway.start(data);
          TestClient client = gateway.client(2)) {
        assertThat(messages(client, session)).isEmpty();
        assertThat(gateway.podium.resets).hasSize(start == 0 ? 1 : 0);
      }
    }
  }

  @Test
  void whatCannotBeRestoredChangesNothing() {
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client(2)) {
      String session = client.createSession();
      client.join(session);
      gateway.podium.filesLatest = 3;
      turn(gateway, client, session, "one");
      gateway.podium.refusedRestore = Optional.of(ErrorCode.ITERATION_NOT_FOUND);

      rewind(client, session, message(client, session, 0));

      assertThat(client.next("error").path("code").asText()).isEqualTo("ITERATION_NOT_FOUND");
      assertThat(messages(client, session)).hasSize(2);
      turn(gateway, client, session, "two");
      assertThat(messages(client, session)).hasSize(4);
    }
  }

  @Test
  void noTurnBeginsWhileTheNextStartWouldTakeItBack() throws SQLException {
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client(2)) {
      String session = client.createSession();
      client.join(session);
      gateway.podium.filesLatest = 3;
      turn(gateway, client, session, "one");
      gateway.podium.refusedRestore = Optional.of(ErrorCode.ITERATION_NOT_FOUND);
      registry(
          "CREATE TRIGGER stuck BEFORE DELETE ON rewinds BEGIN SELECT RAISE(ABORT, 'stuck'); END");

      rewind(client, session, message(client, session, 0));

      assertThat(client.next("error").path("code").asText()).isEqualTo("ITERATION_NOT_FOUND");
      client.send("{'type':'run_turn','sessionId':'" + session + "','text':'two'}");
      assertThat(client.next("error").path("code").asText()).isEqualTo("TURN_IN_PROGRESS");
      registry("DROP TRIGGER stuck");
      AtomicLong sent = new AtomicLong();
      Await.until(
          () -> {
            // A client that sends much is cut off.
            if (System.nanoTime() - sent.get() > 500_000_000) {
              sent.set(System.nanoTime());
              client.send("{'type':'run_turn','sessionId':'" + session + "','text':'three'}");
            }
            return client.everything().contains("\"text\":\"three\"");
          });
    }
  }

  private void registry(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("tenants/dev/registry.db"));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void noFilesAreGuessedForATurnWhoseBeginningCouldNotBeNoted() {
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client(2)) {
      String session = client.createSession();
      client.join(session);
      gateway.podium.filesLatest = 3;
      gateway.podium.refusedChanges = Optional.of(ErrorCode.TIMEOUT);
      turn(gateway, client, session, "one");
      gateway.podium.refusedChanges = Optional.empty();
      gateway.podium.filesLatest = 7;
      turn(gateway, client, session, "two");

      rewind(client, session, message(client, session, 0));

      assertThat(client.next("error").path("code").asText()).isEqualTo("ITERATION_NOT_FOUND");
      rewind(client, session, message(client, session, 2));
      assertThat(client.next("session.rewound").path("filesAt").asLong()).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rewind_session", "fork_session"})
  void aMessageThatIsNotThereIsNamed(String type) {
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient client = gateway.client(2)) {
      String session = client.createSession();
      client.send("{'type':'%s','sessionId':'%s','messageId':'msg_none'}".formatted(type, session));

      JsonNode error = client.next("error");
      assertThat(error.path("code").asText()).isEqualTo("MESSAGE_NOT_FOUND");
      assertThat(error.path("message").asText()).contains("msg_none");
    }
  }

  private static void rewind(TestClient client, String session, String message) {
    client.send(
        "{'type':'rewind_session','requestId':'rewind','sessionId':'%s','messageId':'%s'}"
            .formatted(session, message));
  }

  private static String message(TestClient client, String session, int index) {
    return messages(client, session).path(index).path("messageId").asText();
  }

  private static JsonNode messages(TestClient client, String session) {
    client.send("{'type':'get_history','sessionId':'" + session + "'}");
    return client.next("history").path("messages");
  }

  private static void turn(RunningGateway gateway, TestClient client, String session, String text) {
    int before = gateway.podium.delivered.size();
    String turn = client.runTurn(session, text);
    Await.until(() -> gateway.podium.delivered.size() > before);
    gateway.podium.complete("agent_" + session, turn, "done");
    client.next("turn_complete");
  }
}
