package dev.concert.gateway.eventlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.error.ConcertException;
import dev.concert.foundation.sqlite.SqliteDatabase;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which messages count, and which files belong to them. */
class ConversationTest {
  @TempDir private Path folder;

  private SessionDatabase open() {
    return new SessionDatabase("s", folder.resolve("session.db"));
  }

  @Test
  void aMessageHasTheFilesBeforeItsTurnAndAnAnswerThoseAfterIt() {
    try (SessionDatabase store = open()) {
      turn(store, 1);
      store.turnBegins("t1", 1, 10);
      store.turnEnded("t1", 20);
      turn(store, 4);
      store.turnBegins("t4", 4, 25);

      assertThat(point(store, "q1")).isEqualTo(new MessagePoint("q1", 2, false, 10, 10));
      assertThat(point(store, "a1")).isEqualTo(new MessagePoint("a1", 3, true, 10, 20));
      assertThat(point(store, "a4"))
          .isEqualTo(new MessagePoint("a4", 6, true, 25, MessagePoint.NOW));
      assertThat(store.point(Optional.empty()).messageId()).isEqualTo("a4");
    }
  }

  @Test
  void aTurnThatNoAgentGotHasTheFilesOfTheNextOne() {
    try (SessionDatabase store = open()) {
      turn(store, 1);
      turn(store, 4);
      store.turnBegins("t4", 4, 25);

      assertThat(point(store, "q1").filesBefore()).isEqualTo(25);
      assertThat(point(store, "a1").filesAfter()).isEqualTo(25);
    }
  }

  @Test
  void whatARewindTookOutIsNoPartOfTheConversationAnyMore() {
    try (SessionDatabase store = open()) {
      turn(store, 1);
      turn(store, 4);
      store.append(List.of(rewound(7, "q4", 5)));
      turn(store, 8);

      assertThat(store.messages(Optional.empty(), 10).messages())
          .extracting(ServerEvent.Message::messageId)
          .containsExactly("q1", "a1", "q8", "a8");
      assertThat(store.messagesBetween(0, 10, 10))
          .extracting(SessionEvent::seq)
          .containsExactly(2L, 3L, 9L, 10L);
      assertThatThrownBy(() -> point(store, "q4"))
          .isInstanceOf(ConcertException.class)
          .hasMessageContaining("q4");
      assertThat(store.wasRewound("rewind7")).isTrue();
      assertThat(store.wasRewound("rewind8")).isFalse();
    }
  }

  @Test
  void ofTurnsOfAnOlderBuildTheFilesAreUnknown() {
    try (SqliteDatabase old =
        SqliteDatabase.open(folder.resolve("session.db"), SessionSchema.MIGRATIONS.subList(0, 2))) {
      old.write(
          connection ->
              connection
                  .createStatement()
                  .executeUpdate(
                      "INSERT INTO turns (id, user_id, started_seq, started_at) VALUES ('t1', 'u',"
                          + " 1, 1)"));
      old.write(
          connection ->
              connection
                  .createStatement()
                  .executeUpdate("INSERT INTO messages VALUES (2, 'q1', 't1', 'user', 'old', 1)"));
    }
    try (SessionDatabase store = open()) {
      assertThat(point(store, "q1").filesBefore()).isEqualTo(MessagePoint.UNKNOWN);
    }
  }

  @Test
  void ofCopiedMessagesOnlyTheFilesAfterTheLastAreKnown() {
    try (SessionDatabase store = open()) {
      store.append(
          List.of(
              message(1, "t1", "q1", "user"),
              message(2, "t1", "a1", "assistant"),
              message(3, "t2", "q2", "user"),
              message(4, "t2", "a2", "assistant")));
      store.beginsWith(5);

      assertThat(point(store, "a1").filesAfter()).isEqualTo(MessagePoint.UNKNOWN);
      assertThat(point(store, "q2").filesBefore()).isEqualTo(MessagePoint.UNKNOWN);
      assertThat(point(store, "a2").filesAfter()).isEqualTo(5);
    }
  }

  private static MessagePoint point(SessionDatabase store, String id) {
    return store.point(Optional.of(id));
  }

  /** Three events: the start of a turn, its question and its answer. */
  private static void turn(SessionDatabase store, long seq) {
    String turn = "t" + seq;
    store.append(
        List.of(
            new SessionEvent("s", seq, seq, turn, new ServerEvent.TurnStarted(null, "text", "u")),
            message(seq + 1, turn, "q" + seq, "user"),
            message(seq + 2, turn, "a" + seq, "assistant")));
  }

  private static SessionEvent message(long seq, String turn, String id, String role) {
    return new SessionEvent("s", seq, seq, turn, new ServerEvent.Message(id, role, "text", seq));
  }

  private static SessionEvent rewound(long seq, String messageId, long fromSeq) {
    return new SessionEvent(
        "s",
        seq,
        seq,
        null,
        new ServerEvent.SessionRewound("rewind" + seq, messageId, fromSeq, 0, 0, 0, 0, "u"));
  }
}
