package dev.concert.gateway.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.Message;
import dev.concert.protocol.SessionEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionDatabaseTest {
  @TempDir Path folder;
  private SessionDatabase store;

  @BeforeEach
  void open() {
    store = new SessionDatabase("s", folder.resolve("session.db"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void eventsThatAreThereAlreadyArePassedOver() {
    List<SessionEvent> first = deltas(1, 10);
    store.append(first);
    store.append(first);
    store.append(deltas(8, 14));
    assertThat(store.lastSeq()).isEqualTo(14);
    assertThat(store.events(0, Long.MAX_VALUE, 100))
        .extracting(SessionEvent::seq)
        .containsExactly(10L, 14L);
  }

  @Test
  void aPageOfLargeEventsEndsEarlyAndTheNextGoesOnBehindIt() {
    String large = "x".repeat(SessionDatabase.PAGE_CHARS / 3);
    List<SessionEvent> events = new ArrayList<>();
    for (int seq = 1; seq <= 10; seq++) {
      events.add(event(seq, new ServerEvent.Message("m" + seq, "user", large, seq)));
    }
    store.append(events);
    List<Long> read = new ArrayList<>();
    long last = 0;
    while (last < 10) {
      List<SessionEvent> page = store.events(last, Long.MAX_VALUE, 100);
      assertThat(page).hasSizeBetween(1, 3);
      page.forEach(event -> read.add(event.seq()));
      last = page.getLast().seq();
    }
    assertThat(read).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
  }

  @Test
  void aTurnIsOpenUntilItsEndIsStored() {
    store.append(List.of(event(1, new ServerEvent.TurnStarted("mine", "go", "u"))));
    assertThat(store.openTurn()).contains("t");
    store.append(List.of(event(2, new ServerEvent.TurnError("AGENT_CRASHED", "gone", true))));
    assertThat(store.openTurn()).isEmpty();
  }

  @Test
  void aCostThatIsNotKnownStaysUnknown() {
    ServerEvent.UsageUpdate known = new ServerEvent.UsageUpdate("m", "p", 1, 2, 3, "0.5");
    ServerEvent.UsageUpdate unknown = new ServerEvent.UsageUpdate("n", "p", 1, 2, 3, null);
    store.append(List.of(event(1, known), event(2, unknown)));

    assertThat(store.usage()).containsExactly(known, unknown);
    assertThat(store.events(0, 9, 9)).extracting(SessionEvent::event).contains(unknown);
  }

  @Test
  void aTurnIsFoundByTheNameItsClientGaveIt() {
    SessionEvent started = event(1, new ServerEvent.TurnStarted("mine", "go", "u"));
    store.append(List.of(started));
    assertThat(store.turnNamed("mine")).contains(started);
    assertThat(store.turnNamed("other")).isEmpty();
  }

  @Test
  void historyGoesBackPageByPageInTheOrderOfTheConversation() {
    IntStream.rangeClosed(1, 5)
        .forEach(i -> store.append(List.of(event(i, new Message("m" + i, "user", "" + i, i)))));
    assertThat(store.messages(Optional.empty(), 2).messages())
        .extracting(Message::messageId)
        .containsExactly("m4", "m5");
    assertThat(store.messages(Optional.of("m4"), 2).messages())
        .extracting(Message::messageId)
        .containsExactly("m2", "m3");
  }

  private static List<SessionEvent> deltas(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(seq -> event(seq, new ServerEvent.TextDelta("x" + seq)))
        .toList();
  }

  private static SessionEvent event(long seq, ServerEvent event) {
    return new SessionEvent("s", seq, seq, "t", event);
  }
}
