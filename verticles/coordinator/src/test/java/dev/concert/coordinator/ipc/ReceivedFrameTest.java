package dev.concert.coordinator.ipc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceivedFrameTest {

  private static AgentFrame decode(String json) {
    return ReceivedFrame.decode(json.getBytes(StandardCharsets.UTF_8)).frame();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "\"text\"",
        "7",
        "{}",
        "{\"type\":7",
        "{} {}",
        "{\"type\":\"ready\"} x",
        "{\"type\":\"complete\"}",
        "{\"type\":\"stream_update\",\"message_id\":\"m\"}",
        "{\"type\":\"stream_update\",\"message_id\":\"m\",\"element\":{\"type\":\"tool_call\"}}",
        "{\"type\":\"state_delta\",\"deltas\":[{\"op\":\"add\"}]}",
        "{\"type\":\"stream_update\",\"message_id\":\"m\",\"element\":\"text\"}",
      })
  void whatIsNoFrameIsRefusedWithASentence(String json) {
    assertThatThrownBy(() -> decode(json))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessageStartingWith("it sent a frame");
  }

  @Test
  void nestingWithoutEndIsRefused() {
    String json = "{\"type\":\"ready\",\"sdk\":" + "[".repeat(100_000);
    assertThatThrownBy(() -> decode(json)).isInstanceOf(ProtocolViolation.class);
  }

  @Test
  void unknownTypesAndFieldsAreNoFault() {
    assertThat(decode("{\"type\":\"new\",\"x\":1}")).isEqualTo(new AgentFrame.Unknown("new"));
    assertThat(
            decode(
                "{\"type\":\"stream_update\",\"message_id\":\"m\",\"element\":{\"type\":\"n\"}}"))
        .isEqualTo(new AgentFrame.Update("m", new Element("n", false, Optional.empty())));
    assertThat(decode("{\"new\":{},\"type\":\"ready\"}")).isEqualTo(new AgentFrame.Ready(null));
  }

  @Test
  void whatAnAgentMayLeaveOutHasADefault() {
    assertThat(decode("{\"type\":\"complete\",\"message_id\":\"m\"}"))
        .isEqualTo(new AgentFrame.Complete("m", "end", "", null));
  }
}
