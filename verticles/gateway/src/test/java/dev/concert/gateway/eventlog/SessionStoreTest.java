package dev.concert.gateway.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.ServerEvent.Message;
import dev.concert.protocol.SessionEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionStoreTest {
  @TempDir Path folder;
  private SessionStore store;

  @BeforeEach
  void open() {
    store = new SessionStore(folder.resolve("session.db"));
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
        .extracting(Piece::seq)
        .containsExactly(10L, 14L);
  }

  @Test
  void aTurnIsOpenUntilItsEndIsStored() {
    store.append(List.of(event(1, new ServerEvent.TurnStarted("mine", "go", "u"))));
    assertThat(store.openTurn()).contains("t");
    store.append(List.of(event(2, new ServerEvent.TurnError("AGENT_CRASHED", "gone", true))));
    assertThat(store.openTurn()).isEmpty();
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
    assertThat(store.messages(Optional.empty(), 2))
        .extracting(Message::messageId)
        .containsExactly("m4", "m5");
    assertThat(store.messages(Optional.of("m4"), 2))
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
