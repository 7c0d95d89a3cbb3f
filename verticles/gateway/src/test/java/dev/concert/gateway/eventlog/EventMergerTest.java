package dev.concert.gateway.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class EventMergerTest {

  @Property(tries = 300)
  void aReplayFromAnywhereShowsExactlyWhatWasShownAfterIt(
      @ForAll("sessions") List<SessionEvent> events, @ForAll @IntRange(max = 60) int seen) {
    long afterSeq = Math.min(seen, events.size());
    List<StoredEvent> rows = EventMerger.merge(events);

    List<SessionEvent> replayed =
        rows.stream()
            .filter(row -> row.seq() > afterSeq)
            .map(row -> row.after("s", afterSeq))
            .toList();

    assertThat(told(replayed)).isEqualTo(told(events.subList((int) afterSeq, events.size())));
    long next = afterSeq + 1;
    for (SessionEvent one : replayed) {
      assertThat(one.firstSeq()).as("no hole, no repeat").isEqualTo(next);
      next = one.seq() + 1;
    }
    assertThat(next).isEqualTo(events.size() + 1L);
  }

  @Property(tries = 20)
  void neighbouringDeltasBecomeOneRow(@ForAll @IntRange(min = 2, max = 500) int count) {
    List<SessionEvent> deltas = new ArrayList<>();
    for (int seq = 1; seq <= count; seq++) {
      deltas.add(new SessionEvent("s", seq, seq, "t", new ServerEvent.TextDelta("x")));
    }
    assertThat(EventMerger.merge(deltas)).hasSize(1);
  }

  /** Everything that is told, text joined where it belongs together: what a person would see. */
  private static List<String> told(List<SessionEvent> events) {
    List<String> told = new ArrayList<>();
    String open = "";
    for (SessionEvent event : events) {
      String text = MergeableText.of(event.event()).orElse(null);
      String kind =
          text == null ? "" : event.turnId() + MergeableText.with(event.event(), "").toString();
      if (text != null && kind.equals(open)) {
        told.set(told.size() - 1, told.getLast() + text);
      } else {
        told.add(text == null ? event.event().toString() : kind + text);
      }
      open = kind;
    }
    return told;
  }

  @Provide
  static Arbitrary<List<SessionEvent>> sessions() {
    Arbitrary<String> text = Arbitraries.strings().ofMinLength(1).ofMaxLength(8);
    Arbitrary<ServerEvent> event =
        Arbitraries.oneOf(
            text.map(ServerEvent.TextDelta::new),
            text.map(ServerEvent.ThinkingProgress::new),
            text.map(one -> new ServerEvent.TerminalStream("c", "stdout", one)),
            text.map(one -> new ServerEvent.TerminalStream("c", "stderr", one)),
            text.map(one -> new ServerEvent.ToolCallDelta("c", one)),
            Arbitraries.just(new ServerEvent.ThinkingStart()));
    return event
        .list()
        .ofMinSize(1)
        .ofMaxSize(60)
        .map(
            events -> {
              List<SessionEvent> placed = new ArrayList<>();
              for (int i = 0; i < events.size(); i++) {
                placed.add(new SessionEvent("s", i + 1L, 1000 + i, "t", events.get(i)));
              }
              return placed;
            });
  }
}
