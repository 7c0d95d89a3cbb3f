package dev.concert.gateway.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.protocol.EventRecordCodec;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventJournalTest {
  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
  }

  private EventJournal open() {
    return new EventJournal(folder.resolve("journal.db"), new SimpleMeterRegistry());
  }

  @Test
  void whatDidNotMoveIsThereAfterTheNextStart() {
    List<Long> committed = new CopyOnWriteArrayList<>();
    EventJournal journal = open();
    journal.start();
    JournalStream stream =
        new JournalStream(
            context, entries -> entries.forEach(one -> committed.add(one.event().seq())), _ -> {});
    for (int seq = 1; seq <= 50; seq++) {
      journal.append(stream, List.of(entry("s", seq)));
    }
    Await.until(() -> committed.size() == 50);
    journal.forget("s", 20);
    journal.close();

    EventJournal next = open();
    assertThat(next.unmoved().get("s"))
        .extracting(SessionEvent::seq)
        .containsExactlyElementsOf(
            java.util.stream.LongStream.rangeClosed(21, 50).boxed().toList());
    next.clear();
    assertThat(next.unmoved()).isEmpty();
    next.start();
    next.close();
  }

  @ExpectedLog(
      logger = "dev.concert.gateway.eventlog.EventJournal",
      message = ".* could not be written")
  @Test
  void afterAFailureNothingOfTheSameStreamIsWrittenAndOtherSessionsGoOn() {
    List<Long> committed = new CopyOnWriteArrayList<>();
    AtomicInteger failures = new AtomicInteger();
    EventJournal journal = open();
    journal.start();
    JournalStream broken =
        new JournalStream(
            context,
            entries -> entries.forEach(one -> committed.add(one.event().seq())),
            _ -> failures.incrementAndGet());
    journal.append(broken, List.of(entry("s", 1)));
    Await.until(() -> committed.size() == 1);
    // The same number twice is what a disk fault looks like to the writer: the commit fails.
    journal.append(broken, List.of(entry("s", 1)));
    Await.until(() -> failures.get() == 1);
    journal.append(broken, List.of(entry("s", 2)));
    List<Long> others = new CopyOnWriteArrayList<>();
    JournalStream other =
        new JournalStream(
            context, entries -> entries.forEach(one -> others.add(one.event().seq())), _ -> {});
    journal.append(other, List.of(entry("t", 1)));
    Await.until(() -> others.size() == 1);
    journal.close();

    EventJournal next = open();
    assertThat(next.unmoved().get("s")).hasSize(1);
    assertThat(new ArrayList<>(next.unmoved().keySet())).containsExactly("s", "t");
    next.start();
    next.close();
  }

  private static LogEntry entry(String session, long seq) {
    SessionEvent event =
        new SessionEvent(session, seq, seq, "turn", new ServerEvent.TextDelta("x" + seq));
    return new LogEntry(event, EventRecordCodec.encode(event));
  }
}
