package dev.concert.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventCodecTest {

  @Test
  void theFieldsOfTheSessionAndOfTheEventLieSideBySide() {
    var event = new SessionEvent("s1", 7, 1000, "t1", new ServerEvent.TextDelta("hé\n"));
    assertThat((EventCodec.encode(event)))
        .isEqualTo(
            "{\"type\":\"text_delta\",\"sessionId\":\"s1\",\"seq\":7,\"ts\":1000,\"turnId\":\"t1\",\"text\":\"hé\\n"
                + "\"}");
  }

  @Test
  void onlyTheRequesterSeesTheRequestId() {
    var event = new SessionEvent("s1", 1, 1, "t", new ServerEvent.TurnStarted(null, "go", "u"));
    assertThat((EventCodec.encode(event, "r1"))).contains("\"requestId\":\"r1\"");
    assertThat((EventCodec.encode(event))).doesNotContain("requestId").doesNotContain("null");
  }

  @Test
  void aMergedEventNamesItsFirstPart() {
    var merged = new SessionEvent("s", 9, 4, 1, "t", new ServerEvent.TextDelta("abc"));
    assertThat((EventCodec.encode(merged))).contains("\"seq\":9,\"firstSeq\":4");
    assertThat(EventCodec.decodeSessionEvent(EventCodec.encode(merged))).isEqualTo(merged);
  }

  @Test
  void whatWasEncodedIsDecodedAsItWas() throws Exception {
    for (ServerEvent event :
        List.of(
            new ServerEvent.StateChanged(SessionState.READY, SessionState.ACTIVATING, null),
            new ServerEvent.ToolCall("c", "bash", Json.MAPPER.readTree("{\"command\":\"ls\"}")),
            new ServerEvent.ThinkingStart(),
            new ServerEvent.UsageUpdate("m", "p", 1, 2, 3, "0.000111"),
            new ServerEvent.FileChanged("a/b", "renamed", 3, "a/c"),
            new ServerEvent.QuestionRequested(
                "q", List.of(new ServerEvent.Question("k", "?", "choice", List.of("a", "b")))))) {
      var placed = new SessionEvent("s", 3, 5, "t", event);
      assertThat(EventCodec.decodeSessionEvent(EventCodec.encode(placed))).isEqualTo(placed);
    }
  }

  @Test
  void whatIsNoSessionEventIsRefused() {
    String pong = EventCodec.encode(new ServerEvent.Pong(1L, 2), null);
    assertThatThrownBy(() -> EventCodec.decodeSessionEvent(pong))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(EventCodec.decode(pong)).isEqualTo(new ServerEvent.Pong(1L, 2));
  }
}
