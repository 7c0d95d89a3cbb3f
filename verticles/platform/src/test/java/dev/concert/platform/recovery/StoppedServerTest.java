package dev.concert.platform.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.Events;
import dev.concert.platform.harness.HostWarnings;
import dev.concert.platform.harness.Leftovers;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.ServerProcess;
import dev.concert.platform.harness.TestClient;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM. */
class StoppedServerTest {
  private static final int RESTART = 1012;

  /** Of each of three clients: in all more agents than one pool of threads stops at once. */
  private static final int SEATS = 8;

  @TempDir Path data;

  @Test
  void aServerThatIsToldToStopSaysGoodbyeAndLeavesNothing() {
    ServerProcess server = ServerProcess.start(data);
    try (server;
        ProtocolClient client = ProtocolClient.connect(server.url())) {
      TestClient user = TestClient.echo(client);
      user.run("!write a.txt a");

      assertThat(server.terminate()).isZero();

      assertThat(client.transcript().awaitClose(ProtocolClient.TIMEOUT)).isEqualTo(RESTART);
      assertThat(client.await("server_shutdown").path("reconnectAfterMs").asLong()).isPositive();
      new Leftovers(data).verifyNone();
      assertThat(HostWarnings.removedFrom(server.complaints())).isEmpty();
    }
  }

  @Test
  void manyAgentsThatObeyNothingAreGoneInTimeToo() {
    ServerProcess server = ServerProcess.start(data);
    try (server;
        ProtocolClient one = ProtocolClient.connect(server.url());
        ProtocolClient two = ProtocolClient.connect(server.url());
        ProtocolClient three = ProtocolClient.connect(server.url())) {
      // One client alone would send more messages than it may.
      List<TestClient> deaf =
          Stream.of(one, two, three)
              .flatMap(client -> Stream.generate(() -> TestClient.echo(client)).limit(SEATS))
              .toList();
      deaf.forEach(user -> user.start("!hang"));
      deaf.forEach(user -> user.awaitEvent("text_delta"));

      assertThat(server.terminate()).isZero();

      new Leftovers(data).verifyNone();
    }
  }

  @Test
  void turnsThatRunAndAgentsThatObeyNothingDoNotHoldItUp() {
    List<JsonNode> received;
    String sessionId;
    String turnId;
    ServerProcess server = ServerProcess.start(data);
    try (server;
        ProtocolClient client = ProtocolClient.connect(server.url())) {
      TestClient user = TestClient.echo(client);
      sessionId = user.sessionId();
      turnId = user.start("!stream 1000000");
      user.awaitEvent("the stream", 0, event -> event.path("seq").asLong() > 500);
      TestClient other = TestClient.echo(client);
      other.start("!ask anything?");
      other.awaitState("waiting");
      TestClient deaf = TestClient.echo(client);
      deaf.start("!hang");
      deaf.awaitEvent("text_delta");

      assertThat(server.terminate()).isZero();
      client.transcript().awaitClose(ProtocolClient.TIMEOUT);
      received = user.events();
      new Leftovers(data).verifyNone();
    }

    try (ServerProcess next = ServerProcess.start(data);
        ProtocolClient client = ProtocolClient.connect(next.url())) {
      TestClient user = TestClient.join(client, sessionId, 0);
      JsonNode end = user.awaitEnd(turnId);
      assertThat(end.path("code").asText()).isIn("SERVER_RESTARTED", "AGENT_CRASHED");
      Events.verifyKept(received, user.events());
      assertThat(user.run("on").path("finalText").asText()).isEqualTo("on");
    }
  }
}
