package dev.concert.platform.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.MortalServer;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.TestClient;
import dev.concert.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code kill -9} while sessions are being deleted. */
class KilledDeletionTest {
  private static final int SESSIONS = 6;

  @RegisterExtension static final MortalServer SERVER = new MortalServer();

  /** When the server dies. */
  enum Moment {
    AT_ONCE,
    WHEN_AN_INSTANCE_IS_GONE,
    WHEN_A_DATABASE_IS_GONE,
    WHEN_ONE_IS_ANSWERED;

    private boolean hasCome(Path data, List<String> sessions, ProtocolClient client) {
      return switch (this) {
        case AT_ONCE -> true;
        case WHEN_AN_INSTANCE_IS_GONE ->
            sessions.stream().anyMatch(id -> !Files.exists(instance(data, id)));
        case WHEN_A_DATABASE_IS_GONE ->
            sessions.stream().anyMatch(id -> !Files.exists(database(data, id)));
        case WHEN_ONE_IS_ANSWERED ->
            client.transcript().all().stream().anyMatch(ProtocolClient.ofType("session_deleted"));
      };
    }
  }

  private static Path instance(Path data, String session) {
    return data.resolve("instances/agent_" + session);
  }

  private static Path database(Path data, String session) {
    return data.resolve("sessions").resolve(session);
  }

  @ParameterizedTest
  @EnumSource
  void eachSessionIsWholeOrTheNextStartRemovesIt(Moment moment) {
    Path data = SERVER.data();
    List<String> sessions = new ArrayList<>();
    try (ProtocolClient client = ProtocolClient.connect(SERVER.url())) {
      for (int i = 0; i < SESSIONS; i++) {
        TestClient user = TestClient.echo(client);
        user.run("!write kept.txt kept");
        sessions.add(user.sessionId());
      }
      sessions.forEach(id -> client.send("delete_session", Map.of("sessionId", id)));
      Await.until(() -> moment.hasCome(data, sessions, client));
      SERVER.kill();
    }

    SERVER.startAgain();
    try (ProtocolClient client = ProtocolClient.connect(SERVER.url())) {
      Set<String> whole = new HashSet<>();
      for (JsonNode session : client.ask("list_sessions", Map.of()).path("sessions")) {
        whole.add(session.path("id").asText());
      }
      for (String id : sessions) {
        if (whole.contains(id)) {
          TestClient user = TestClient.join(client, id, 0);
          assertThat(user.run("!read kept.txt").path("finalText").asText()).isEqualTo("kept");
        } else {
          Await.until(() -> !Files.exists(instance(data, id)) && !Files.exists(database(data, id)));
        }
      }
    }
  }
}
