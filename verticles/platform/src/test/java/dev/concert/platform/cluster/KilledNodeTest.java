package dev.concert.platform.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.Events;
import dev.concert.platform.harness.Leftovers;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.TestClient;
import dev.concert.platform.harness.TwoNodes;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of two nodes is killed with {@code kill -9}, and comes back. */
class KilledNodeTest {
  @TempDir Path root;

  @Test
  void aHostThatIsKilledIsUnavailableAndItsTurnEndsWhenItIsBack() {
    try (TwoNodes nodes = TwoNodes.start(root)) {
      ProtocolClient client = ProtocolClient.connect(nodes.url());
      TestClient seat = TestClient.echo(client);
      seat.run("!write a.txt kept");
      String turn = seat.start("!stream 100000");
      seat.awaitEvent("text_delta");
      nodes.host().kill();

      // Requests fail with what to do, and none hangs.
      Await.until(
          () ->
              seat.ask("list_files", Map.of("path", ""))
                  .path("code")
                  .asText()
                  .equals("PODIUM_UNAVAILABLE"));
      JsonNode refused = seat.ask("list_files", Map.of("path", ""));
      assertThat(refused.path("retryAfterMs").asLong()).isPositive();

      nodes.startHost();
      JsonNode end = seat.awaitEnd(turn);
      assertThat(end.path("type").asText()).isEqualTo("turn_error");
      // TIMEOUT where the answer to the message was still on its way.
      assertThat(end.path("code").asText()).isIn("AGENT_CRASHED", "TIMEOUT");

      // The same files, by a fresh agent, without a new start of the gateway.
      assertThat(runWhenThere(seat, "!read a.txt").toString()).contains("kept");
      client.close();
    }
    new Leftovers(root).verifyNone();
  }

  /** A host that has just come back may be away for a moment more on a busy machine. */
  private static JsonNode runWhenThere(TestClient seat, String text) {
    AtomicReference<JsonNode> end = new AtomicReference<>();
    Await.until(
        "a host that serves",
        () -> {
          end.set(seat.run(text));
          return !end.get().path("code").asText().equals("PODIUM_UNAVAILABLE");
        });
    return end.get();
  }

  @Test
  void aGatewayThatIsKilledFindsItsSessionsAgainAndTheirAgentsStop() {
    try (TwoNodes nodes = TwoNodes.start(root)) {
      ProtocolClient before = ProtocolClient.connect(nodes.url());
      TestClient seat = TestClient.echo(before);
      seat.run("!write a.txt kept");
      String turn = seat.start("!stream 100000");
      seat.awaitEvent("text_delta");
      nodes.gateway().kill();
      before.transcript().awaitClose(ProtocolClient.TIMEOUT);
      List<JsonNode> received = seat.events();
      before.close();

      nodes.startGateway();
      ProtocolClient client = ProtocolClient.connect(nodes.url());
      TestClient again = TestClient.join(client, seat.sessionId(), 0);
      assertThat(again.awaitEnd(turn).path("type").asText()).isEqualTo("turn_error");
      Events.verifyKept(received, again.events());
      assertThat(again.run("!read a.txt").toString()).contains("kept");
      client.close();
    }
    new Leftovers(root).verifyNone();
  }
}
