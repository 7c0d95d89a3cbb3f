package dev.concert.platform.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.Events;
import dev.concert.platform.harness.Leftovers;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.ServerProcess;
import dev.concert.platform.harness.TestClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM while a turn runs that may end. */
class DrainedServerTest {
  private static final int RESTART = 1012;

  @TempDir Path data;
  @TempDir Path settings;

  private ServerProcess patient() throws IOException {
    Path config = settings.resolve("concert.yaml");
    Files.writeString(config, "gateway:\n  drainSeconds: 3600\n");
    return ServerProcess.start("up", data, Map.of(), "--config", config.toString());
  }

  private static int ready(ServerProcess server) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create(server.url() + "/health/ready")).build(),
              BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Test
  void theTurnEndsAndItsClientGoesOnWithTheNextServer() throws Exception {
    List<JsonNode> received;
    String sessionId;
    String turnId;
    try (ServerProcess server = patient();
        ProtocolClient client = ProtocolClient.connect(server.url())) {
      assertThat(ready(server)).isEqualTo(200);
      TestClient user = TestClient.echo(client);
      sessionId = user.sessionId();
      turnId = user.start("!ask anything?");
      user.awaitState("waiting");

      server.sendTerminate();

      client.await("server_shutdown");
      assertThat(ready(server)).isEqualTo(503);
      JsonNode refusal = TestClient.echo(client).ask("run_turn", Map.of("text", "one more"));
      assertThat(refusal.path("code").asText()).isEqualTo("SERVER_DRAINING");
      assertThat(refusal.path("retryAfterMs").asLong()).isPositive();
      JsonNode question = user.awaitEvent("question_requested");
      String key = question.path("questions").get(0).path("key").asText();
      user.answer(question, Map.of("answers", Map.of(key, "this")));
      assertThat(user.awaitEnd(turnId).path("type").asText()).isEqualTo("turn_complete");
      assertThat(server.awaitExit()).isZero();
      assertThat(client.transcript().awaitClose(ProtocolClient.TIMEOUT)).isEqualTo(RESTART);
      received = user.events();
      new Leftovers(data).verifyNone();
    }
    try (ServerProcess next = ServerProcess.start(data);
        ProtocolClient client = ProtocolClient.connect(next.url())) {
      TestClient user = TestClient.join(client, sessionId, 0);
      user.awaitEnd(turnId);
      assertThat(user.run("on").path("finalText").asText()).isEqualTo("on");
      Events.verifyKept(received, user.events());
    }
  }

  @Test
  void aSecondSignalEndsTheDrainAtOnceAndLeavesNothing() throws Exception {
    try (ServerProcess server = patient();
        ProtocolClient client = ProtocolClient.connect(server.url())) {
      TestClient deaf = TestClient.echo(client);
      deaf.start("!hang");
      deaf.awaitEvent("text_delta");
      server.sendTerminate();
      client.await("server_shutdown");

      assertThat(server.terminate()).isZero();

      new Leftovers(data).verifyNone();
    }
  }
}
