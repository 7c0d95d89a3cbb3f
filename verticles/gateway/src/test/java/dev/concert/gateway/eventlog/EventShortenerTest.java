package dev.concert.gateway.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.concert.json.Json;
import dev.concert.protocol.EventRecordCodec;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An agent may say more at once than a client can be sent. */
class EventShortenerTest {
  private static final int MIB = 1 << 20;

  static List<ServerEvent> largeEvents() {
    ArrayNode many = Json.MAPPER.createArrayNode();
    for (int i = 0; i < 2 * MIB; i++) {
      many.add("x");
    }
    return List.of(
        new ServerEvent.TextDelta("t".repeat(15 * MIB)),
        new ServerEvent.TextDelta("😀".repeat(7 * MIB)),
        new ServerEvent.TextDelta("\1".repeat(5 * MIB)),
        new ServerEvent.ToolResult("call", "o".repeat(9 * MIB), false, 7),
        new ServerEvent.TurnComplete("f".repeat(10 * MIB), "end", ServerEvent.UsageTotals.NONE),
        new ServerEvent.ToolCall(
            "call", "write", Json.MAPPER.createObjectNode().put("content", "c".repeat(8 * MIB))),
        new ServerEvent.ToolCall("call", "write", many));
  }

  @ParameterizedTest
  @MethodSource("largeEvents")
  void aLargeEventKeepsTheBeginningOfItsTexts(ServerEvent event) {
    ServerEvent shortened = EventShortener.shorten(event);

    assertThat(shortened).hasSameClassAs(event);
    String record = EventRecordCodec.encode(new SessionEvent("s", 1, 1, "t", shortened));
    assertThat(record.length()).isLessThanOrEqualTo(EventShortener.MAX_RECORD + 200);
    switch (shortened) {
      case ServerEvent.TextDelta(String text) -> {
        assertThat(text).contains("characters left out").doesNotContain("?");
        assertThat(((ServerEvent.TextDelta) event).text())
            .startsWith(text.substring(0, text.indexOf('…')));
      }
      case ServerEvent.ToolResult result -> {
        assertThat(result.toolCallId()).isEqualTo("call");
        assertThat(result.durationMs()).isEqualTo(7);
      }
      default -> assertThat(shortened).isNotNull();
    }
  }
}
