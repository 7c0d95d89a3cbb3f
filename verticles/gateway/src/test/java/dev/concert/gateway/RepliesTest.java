package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.automation.AutomationMessages;
import dev.concert.bus.AutomationAddresses;
import dev.concert.gateway.session.SessionTimeouts;
import dev.concert.json.Json;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every request of a client is answered, once. */
@ExpectedLog(
    logger = "dev.concert.gateway.session.AgentClient",
    message = "does not stop: it is taken down",
    required = false)
class RepliesTest {
  @TempDir Path data;
  private RunningGateway gateway;
  private TestClient client;
  private String session;

  @BeforeEach
  void start() {
    gateway =
        RunningGateway.start(
            data,
            new SessionTimeouts(
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                Duration.ofMillis(100),
                Duration.ofMinutes(5)));
    client = gateway.client();
    session = client.createSession();
  }

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
  }

  private void send(TestClient from, String type, String requestId) {
    from.send(
        "{'type':'%s','sessionId':'%s','requestId':'%s'}".formatted(type, session, requestId));
  }

  private void awaitRunning() {
    JsonNode frame;
    do {
      frame = client.next("session_state");
    } while (!frame.path("state").asText().equals("running"));
  }

  @Test
  void ofTwoStopsAtOnceBothAreAnsweredOnOneConnectionAndOnTwo() {
    client.join(session);
    client.runTurn(session, "hi");
    awaitRunning();
    try (TestClient other = gateway.client()) {
      send(client, "stop_turn", "s1");
      send(client, "stop_turn", "s2");
      send(other, "stop_turn", "s3");
      Set<String> answered = new HashSet<>();
      answered.add(client.next("turn_complete").path("requestId").asText());
      answered.add(client.next("turn_complete").path("requestId").asText());
      JsonNode unjoined = other.next("turn_complete");
      assertThat(answered).containsExactlyInAnyOrder("s1", "s2");
      assertThat(unjoined.path("requestId").asText()).isEqualTo("s3");
      assertThat(unjoined.path("stopReason").asText()).isEqualTo("stopped");
    }
  }

  @Test
  void whoRunsATurnWithoutHavingJoinedIsAnsweredAndGetsNoOtherEvent() {
    send(client, "leave_session", "l");
    client.next("session_left");
    client.send(
        "{'type':'run_turn','sessionId':'%s','text':'hi','requestId':'r'}".formatted(session));
    assertThat(client.next("turn_started").path("requestId").asText()).isEqualTo("r");
    client.send("{'type':'ping','requestId':'p'}");
    assertThat(client.next().path("type").asText()).isEqualTo("pong");
  }

  @Test
  void whoLeavesASessionWithoutHavingJoinedItIsAnswered() {
    send(client, "leave_session", "l");
    assertThat(client.next("session_left").path("requestId").asText()).isEqualTo("l");
  }

  @Test
  void whoJoinsTwiceGetsEachEventOnce() {
    client.join(session);
    client.join(session);
    String turn = client.runTurn(session, "hi");
    awaitRunning();
    gateway.podium.complete("agent_" + session, turn, "done");
    client.next("turn_complete");
    assertThat(client.events()).extracting(one -> one.path("seq").asLong()).doesNotHaveDuplicates();
  }

  @Test
  void metadataThatIsNestedTooDeepIsRefusedAndTheListGoesOn() {
    ObjectNode deep = Json.MAPPER.createObjectNode();
    for (int i = 1; i < 990; i++) {
      deep = (ObjectNode) Json.MAPPER.createObjectNode().set("k", deep);
    }
    ObjectNode create =
        Json.MAPPER.createObjectNode().put("type", "create_session").put("agentType", "echo");
    create.set("metadata", deep);
    client.send(create);
    JsonNode refused = client.next("error");
    assertThat(refused.path("code").asText()).isEqualTo("INVALID_MESSAGE");
    assertThat(refused.path("message").asText()).contains("'metadata'", "32");
    client.send("{'type':'list_sessions','requestId':'x'}");
    assertThat(client.next("session_list").path("sessions")).hasSize(1);
  }

  @Test
  void aTurnThatIsEndedByItsAgentAnswersAStopToo() {
    client.join(session);
    String turn = client.runTurn(session, "hi");
    awaitRunning();
    send(client, "stop_turn", "s");
    Await.until(() -> gateway.podium.interrupts.size() == 1);
    gateway.podium.complete("agent_" + session, turn, "done");
    assertThat(client.next("turn_complete").path("requestId").asText()).isEqualTo("s");
  }

  @Test
  void aReplyThatIsNoEventComesAsAFrameOfItsName() {
    gateway.podium.bus.serve(
        AutomationAddresses.LIST_INBOX,
        _ -> Future.succeededFuture(new AutomationMessages.InboxItems(List.of())));
    try (TestClient second = gateway.client(2)) {
      JsonNode reply = second.request("{'type':'list_inbox'}");

      assertThat(reply.path("type").asText()).isEqualTo("inbox_items");
      assertThat(reply.path("items").isArray()).isTrue();
    }
  }
}
