package dev.concert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.protocol.ServerEvent;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the protocol version that a client negotiated changes. */
class ProtocolVersionTest {
  @TempDir Path data;

  @Test
  void aPlanIsShownToClientsOfVersion2AndClientsOfVersion1SeeNoHole() {
    try (RunningGateway gateway = RunningGateway.start(data);
        TestClient first = gateway.client();
        TestClient second = gateway.client(2);
        TestClient negotiated = gateway.client()) {
      String session = first.createSession();
      negotiated.send("{'type':'authenticate','token':'any','protocolVersion':2}");
      negotiated.next("authenticated");
      List.of(first, second, negotiated).forEach(client -> client.join(session));
      String turn = first.runTurn(session, "plan it");
      Await.until(() -> !gateway.podium.delivered.isEmpty());
      gateway.podium.say(
          "agent_" + session,
          new ServerEvent.PlanCreated("p", "A plan", List.of(new ServerEvent.PlanStep("s", "x"))),
          new ServerEvent.TextDelta("hi"));
      gateway.podium.complete("agent_" + session, turn, "hi");
      List.of(first, second, negotiated).forEach(client -> client.next("turn_complete"));

      assertThat(types(first)).doesNotContain("plan.created");
      assertThat(types(second)).contains("plan.created");
      assertThat(types(negotiated)).contains("plan.created");
      long next = 1;
      for (JsonNode event : first.events()) {
        assertThat(event.path("firstSeq").asLong(event.path("seq").asLong())).isEqualTo(next);
        next = event.path("seq").asLong() + 1;
      }
      assertThat(types(events(first, session))).doesNotContain("plan.created").contains("message");
      assertThat(types(events(second, session))).contains("plan.created", "message");
    }
  }

  private static List<JsonNode> events(TestClient client, String session) {
    client.send("{'type':'get_events','sessionId':'" + session + "','afterSeq':0}");
    List<JsonNode> events = new ArrayList<>();
    client.next("events").path("events").forEach(events::add);
    return events;
  }

  private static List<String> types(TestClient client) {
    return types(client.events());
  }

  private static List<String> types(List<JsonNode> events) {
    return events.stream().map(event -> event.path("type").asText()).toList();
  }
}
