package dev.concert.platform.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.stage.Events;
import dev.concert.platform.stage.ProtocolClient;
import dev.concert.platform.stage.Seat;
import dev.concert.platform.stage.ServerProcess;
import dev.concert.platform.stage.Traces;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM. */
class StoppedServerTest {
  private static final int RESTART = 1012;
  private static final int SEATS = 18;

  @TempDir Path data;

  @Test
  void aServerThatIsToldToStopSaysGoodbyeAndLeavesNothing() {
    ServerProcess server = ServerProcess.start(data);
    try (server;
        ProtocolClient client = ProtocolClient.connect(server.url())) {
      Seat seat = Seat.echo(client);
      seat.run("!write a.txt a");

      assertThat(server.terminate()).isZero();

      assertThat(client.transcript().awaitClose(Duration.ofSeconds(5))).isEqualTo(RESTART);
      assertThat(client.await("server_shutdown").path("reconnectAfterMs").asLong()).isPositive();
      new Traces(data).verifyNone();
      assertThat(server.complaints()).isEmpty();
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
      List<Seat> deaf =
          Stream.of(one, two, three)
              .flatMap(client -> Stream.generate(() -> Seat.echo(client)).limit(SEATS))
              .toList();
      deaf.forEach(seat -> seat.start("!hang"));
      deaf.forEach(seat -> seat.awaitEvent("text_delta"));

      assertThat(server.terminate()).isZero();

      new Traces(data).verifyNone();
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
      Seat seat = Seat.echo(client);
      sessionId = seat.sessionId();
      turnId = seat.start("!stream 1000000");
      seat.awaitEvent("the stream", 0, event -> event.path("seq").asLong() > 500);
      Seat other = Seat.echo(client);
      other.start("!ask anything?");
      other.awaitState("waiting");
      Seat deaf = Seat.echo(client);
      deaf.start("!hang");
      deaf.awaitEvent("text_delta");

      assertThat(server.terminate()).isZero();
      client.transcript().awaitClose(Duration.ofSeconds(5));
      received = seat.events();
      new Traces(data).verifyNone();
    }

    try (ServerProcess next = ServerProcess.start(data);
        ProtocolClient client = ProtocolClient.connect(next.url())) {
      Seat seat = Seat.join(client, sessionId, 0);
      JsonNode end = seat.awaitEnd(turnId);
      assertThat(end.path("code").asText()).isEqualTo("AGENT_CRASHED");
      Events.verifyKept(received, seat.events());
      assertThat(seat.run("on").path("finalText").asText()).isEqualTo("on");
    }
  }
}
