package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Future;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that is told to stop. */
@ExpectedLog(
    logger = "dev.concert.gateway.session.Drain",
    message = "did not end in time and are broken off",
    required = false)
class DrainTest {
  private static final Duration LONG = Duration.ofHours(1);

  @TempDir Path data;

  private RunningGateway start(Duration drain) {
    return RunningGateway.start(RunningGateway.options(data).withDrain(drain));
  }

  private static void awaitRunning(TestClient client) {
    while (!client.next("session_state").path("state").asText().equals("running")) {
      // The states before it.
    }
  }

  @Test
  void aRunningTurnEndsAndItsClientGetsTheEnd() {
    try (RunningGateway gateway = start(LONG);
        TestClient client = gateway.client()) {
      String session = client.createSession();
      client.join(session);
      String turn = client.runTurn(session, "hi");
      awaitRunning(client);

      Future<Void> drained = gateway.verticle.drain();

      JsonNode goodbye = client.next("server_shutdown");
      assertThat(goodbye.path("reason").asText()).isEqualTo("restart");
      assertThat(goodbye.path("reconnectAfterMs").asLong()).isPositive();
      assertThat(drained.isComplete()).isFalse();
      gateway.podium.complete("agent_" + session, turn, "hello");
      assertThat(client.next("turn_complete").path("finalText").asText()).isEqualTo("hello");
      RunningGateway.await(drained);
    }
  }

  @Test
  void aNewTurnIsRefusedWithTheTimeToWaitAndOneThatWasStartedIsAnsweredAgain() {
    try (RunningGateway gateway = start(LONG);
        TestClient client = gateway.client()) {
      String session = client.createSession();
      client.join(session);
      String run = "{'type':'run_turn','sessionId':'" + session + "','text':'hi'";
      client.send(run + ",'clientTurnId':'mine'}");
      String turn = client.next("turn_started").path("turnId").asText();
      awaitRunning(client);
      String other = client.createSession();
      Future<Void> drained = gateway.verticle.drain();

      client.send("{'type':'run_turn','sessionId':'" + other + "','text':'late'}");
      JsonNode refusal = client.next("error");
      assertThat(refusal.path("code").asText()).isEqualTo("SERVER_DRAINING");
      assertThat(refusal.path("retryAfterMs").asLong()).isPositive();
      client.send(run + ",'clientTurnId':'mine','requestId':'again'}");
      assertThat(client.next("turn_started").path("turnId").asText()).isEqualTo(turn);

      gateway.podium.complete("agent_" + session, turn, "hello");
      RunningGateway.await(drained);
    }
  }

  @Test
  void itIsNoLongerReadyButHealthyAndLive() throws Exception {
    try (RunningGateway gateway = start(LONG);
        TestClient client = gateway.client()) {
      String session = client.createSession();
      client.join(session);
      String turn = client.runTurn(session, "hi");
      awaitRunning(client);
      Future<Void> drained = gateway.verticle.drain();

      HttpResponse<String> ready = get(gateway, "/health/ready");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).contains("\"phase\":\"draining\"");
      assertThat(get(gateway, "/health/live").statusCode()).isEqualTo(200);

      gateway.podium.complete("agent_" + session, turn, "hello");
      RunningGateway.await(drained);
    }
  }

  @Test
  void aClientThatComesMeanwhileIsToldOnceAndMayFollowTheTurn() {
    try (RunningGateway gateway = start(LONG);
        TestClient client = gateway.client()) {
      String session = client.createSession();
      client.join(session);
      String turn = client.runTurn(session, "hi");
      awaitRunning(client);
      Future<Void> drained = gateway.verticle.drain();
      try (TestClient late = gateway.client()) {
        late.next("server_shutdown");
        late.join(session);
        gateway.podium.complete("agent_" + session, turn, "hello");
        late.next("turn_complete");
        RunningGateway.await(drained);
        gateway.stop();
        assertThat(late.next("closed").path("code").asInt()).isEqualTo(1012);
        assertThat(late.everything()).containsOnlyOnce("server_shutdown");
      }
    }
  }

  @Test
  void aTurnThatDoesNotEndHoldsItUpForTheConfiguredTimeOnly() {
    try (RunningGateway gateway = start(Duration.ZERO);
        TestClient client = gateway.client()) {
      String session = client.createSession();
      client.join(session);
      client.runTurn(session, "hi");
      awaitRunning(client);

      RunningGateway.await(gateway.verticle.drain());
    }
  }

  @Test
  void aDrainCanBeCutShort() {
    try (RunningGateway gateway = start(LONG);
        TestClient client = gateway.client()) {
      String session = client.createSession();
      client.join(session);
      client.runTurn(session, "hi");
      awaitRunning(client);

      Future<Void> drained = gateway.verticle.drain();
      client.next("server_shutdown");
      gateway.verticle.cutDrainShort();
      RunningGateway.await(drained);
    }
  }

  private static HttpResponse<String> get(RunningGateway gateway, String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port + path)).build(),
          BodyHandlers.ofString());
    }
  }
}
