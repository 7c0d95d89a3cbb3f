package dev.concert.agentevent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.json.Json;
import dev.concert.podium.PodiumMessages.AgentEvents;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.UsageTotals;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentEventTest {

  @Test
  void eventsComeOutOfTheJsonBetweenTwoJvmsAsTheyWentIn() throws Exception {
    AgentEvents events =
        new AgentEvents(
            "i",
            "e",
            7,
            List.of(
                new AgentEvent("m", new ServerEvent.TextDelta("a")),
                AgentEvent.ofInstance(new ServerEvent.SandboxReady()),
                new AgentEvent(
                    "m",
                    new ServerEvent.ToolCall("c", "bash", Json.MAPPER.readTree("{\"a\":[1]}"))),
                new AgentEvent("m", new ServerEvent.TurnComplete("a", "end", UsageTotals.NONE))));

    byte[] json = Json.MAPPER.writeValueAsBytes(events);

    assertThat(Json.MAPPER.readValue(json, AgentEvents.class)).isEqualTo(events);
  }
}
