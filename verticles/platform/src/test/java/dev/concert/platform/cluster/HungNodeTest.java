package dev.concert.platform.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.concert.platform.harness.Leftovers;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.TestClient;
import dev.concert.platform.harness.TwoNodes;
import dev.concert.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that neither answers nor ends: its process is stopped, as on a host that swaps. */
class HungNodeTest {
  @TempDir Path root;

  @Test
  void aHostThatHangsForAMomentLosesNothingOfItsTurn() {
    try (TwoNodes nodes = TwoNodes.start(root);
        ProtocolClient client = ProtocolClient.connect(nodes.url())) {
      TestClient seat = TestClient.echo(client);
      String turn = seat.start("!stream 20000");
      seat.awaitEvent("text_delta");

      nodes.host().pause();
      // The gateway is well: it answers what needs no agent.
      assertThat(client.ask("list_sessions", Map.of()).path("type").asText())
          .isEqualTo("session_list");
      nodes.host().resume();

      JsonNode end = seat.awaitEnd(turn);
      assertThat(end.path("type").asText()).as(end.toString()).isEqualTo("turn_complete");
      StringBuilder text = new StringBuilder();
      seat.events(turn).stream()
          .filter(ProtocolClient.ofType("text_delta"))
          .forEach(delta -> text.append(delta.path("text").asText()));
      assertThat(text.toString()).isEqualTo(end.path("finalText").asText());
    }
    new Leftovers(root).verifyNone();
  }

  @Test
  void aHostThatHangsIsUnavailableWithinTheTimeoutsAndServesAgainByItself() throws Exception {
    try (TwoNodes nodes = TwoNodes.start(root);
        ProtocolClient client = ProtocolClient.connect(nodes.url())) {
      TestClient seat = TestClient.echo(client);
      seat.run("!write a.txt kept");
      nodes.host().pause();
      try {
        JsonNode first = seat.ask("list_files", Map.of("path", ""));
        assertThat(first.path("code").asText()).isIn("TIMEOUT", "PODIUM_UNAVAILABLE");

        // Nobody waits for a host that is known not to answer.
        Await.until(
            "an answer at once",
            () -> {
              long asked = System.nanoTime();
              JsonNode answer = seat.ask("list_files", Map.of("path", ""));
              return answer.path("code").asText().equals("PODIUM_UNAVAILABLE")
                  && answer.path("retryAfterMs").asLong() > 0
                  && System.nanoTime() - asked < Duration.ofSeconds(1).toNanos();
            });
        assertThat(health(nodes)).isEqualTo("down");
        JsonNode end = seat.awaitEnd(seat.start("while it hangs"));
        assertThat(end.path("code").asText()).isIn("PODIUM_UNAVAILABLE", "TIMEOUT");
      } finally {
        nodes.host().resume();
      }

      Await.until("a healthy platform", () -> !health(nodes).equals("down"));
      JsonNode read = seat.run("!read a.txt");
      assertThat(read.path("type").asText()).as(read.toString()).isEqualTo("turn_complete");
      assertThat(seat.events().toString()).contains("kept");
    }
    new Leftovers(root).verifyNone();
  }

  private static String health(TwoNodes nodes) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(nodes.url() + "/health"))
                  .timeout(Duration.ofMinutes(1))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return new ObjectMapper().readTree(answer.body()).path("status").asText();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
