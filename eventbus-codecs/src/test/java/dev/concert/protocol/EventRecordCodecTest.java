package dev.concert.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class EventRecordCodecTest {

  @Test
  void aRecordIsTheEventAndNotTheFrameOfAProtocol() {
    var event = new SessionEvent("s1", 7, 1000, "t1", new ServerEvent.TextDelta("hi"));
    assertThat(EventRecordCodec.encode(event))
        .isEqualTo(
            "{\"type\":\"text_delta\",\"ts\":1000,\"turnId\":\"t1\",\"data\":{\"text\":\"hi\"}}");
  }

  @Property(tries = 200)
  void whatIsStoredIsReadAsItWas(@ForAll("events") SessionEvent event) {
    assertThat(
            EventRecordCodec.decode(
                EventRecordCodec.FORMAT,
                event.sessionId(),
                event.seq(),
                EventRecordCodec.encode(event)))
        .isEqualTo(event);
  }

  @Property(tries = 200)
  void whatAnEarlierBuildStoredIsReadAsItWas(@ForAll("events") SessionEvent event) {
    assertThat(EventRecordCodec.decode(1, event.sessionId(), event.seq(), EventCodec.encode(event)))
        .isEqualTo(event);
  }

  @Test
  void theFormatOfALaterBuildIsRefusedWithAdvice() {
    assertThatThrownBy(() -> EventRecordCodec.decode(3, "s", 7, "{}"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Event 7 of session s has format 3, this program reads formats up to 2. Start a newer"
                + " Concert.");
  }

  @Test
  void whatIsNoRecordIsRefused() {
    for (String record : Stream.of("", "{", "[]", "{\"type\":\"none\",\"data\":{}}").toList()) {
      assertThatThrownBy(() -> EventRecordCodec.decode(2, "s", 1, record))
          .as(record)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Provide
  static Arbitrary<SessionEvent> events() {
    Arbitrary<String> text = Arbitraries.strings().ofMaxLength(12);
    Arbitrary<ServerEvent> event =
        Arbitraries.oneOf(
            text.map(ServerEvent.TextDelta::new),
            text.map(one -> new ServerEvent.TerminalStream("c", "stdout", one)),
            text.map(one -> new ServerEvent.ToolResult("c", one, true, 3)),
            text.map(one -> new ServerEvent.TurnError("INTERNAL", one, false)),
            text.map(one -> new ServerEvent.PlanStepCompleted("p", "s", one)),
            Arbitraries.just(new ServerEvent.ThinkingStart()),
            Arbitraries.just(
                new ServerEvent.TurnComplete("x", "end", ServerEvent.UsageTotals.NONE)),
            Arbitraries.just(
                new ServerEvent.StateChanged(SessionState.READY, SessionState.RUNNING, null)));
    Arbitrary<Long> seq = Arbitraries.longs().between(10, 1L << 40);
    Arbitrary<Integer> parts = Arbitraries.integers().between(0, 9);
    return Combinators.combine(event, seq, parts, Arbitraries.of("t1", null))
        .as((one, last, merged, turn) -> new SessionEvent("s", last, last - merged, 5, turn, one));
  }
}
