package dev.concert.gateway.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.error.Problem;
import dev.concert.gateway.projection.EventProjection;
import dev.concert.gateway.projection.WebSocketProtocol;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionEvent;
import dev.concert.testing.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When those who wait for an event, and those who subscribed, get it. */
class SessionLogTest {
  private static final int ROUNDS = 1000;

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final List<Long> shown = new CopyOnWriteArrayList<>();
  private EventJournal journal;
  private SessionDatabases databases;
  private Context context;
  private SessionLog log;

  @BeforeEach
  void open() {
    journal = new EventJournal(folder.resolve("journal.db"), new SimpleMeterRegistry());
    journal.start();
    databases = new SessionDatabases(vertx, folder, 2);
    context = vertx.getOrCreateContext();
    log = new SessionLog("s", 0, context, journal, databases, _ -> {});
    context.runOnContext(_ -> log.subscribe(new Reader(shown), 0));
  }

  @AfterEach
  void close() throws Exception {
    databases.close().toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
    journal.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
  }

  /** Else the caller's reply would repeat an event that the same connection has. */
  @Test
  void whoWaitsForAnEventGetsItBeforeASubscriberHoweverTheJournalSplitsItsBatches() {
    AtomicInteger waited = new AtomicInteger();
    List<Long> tooLate = new CopyOnWriteArrayList<>();
    for (int round = 1; round <= ROUNDS; round++) {
      context.runOnContext(
          _ -> {
            SessionEvent first = log.append("t", new ServerEvent.TextDelta("a"));
            log.append("t", new ServerEvent.ThinkingStart());
            log.append("t", new ServerEvent.TextDelta("b"));
            log.written(first)
                .onSuccess(
                    event -> {
                      if (shown.contains(event.seq())) {
                        tooLate.add(event.seq());
                      }
                      waited.incrementAndGet();
                    });
          });
      int done = round;
      Await.until(() -> waited.get() == done);
    }

    assertThat(tooLate).isEmpty();
    Await.until(() -> shown.size() == 3 * ROUNDS);
    assertThat(shown).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void whoWaitsForAllThatWasAppendedWaitsForTheLast() {
    List<Long> seen = new CopyOnWriteArrayList<>();
    context.runOnContext(
        _ -> {
          log.append("t", new ServerEvent.ThinkingStart());
          SessionEvent last = log.append("t", new ServerEvent.TextDelta("b"));
          log.written().onSuccess(_ -> seen.add(log.lastSeq()));
          log.written(last).onSuccess(event -> seen.add(event.seq()));
        });

    Await.until(() -> seen.size() == 2);
    assertThat(seen).containsOnly(2L);
  }

  /** Stored events come in several pages then, and what is still in memory only after the last. */
  @Test
  void aLateReaderOfLargeEventsMissesNone() {
    String large = "x".repeat(SessionDatabase.PAGE_CHARS / 3);
    context.runOnContext(
        _ -> {
          for (int i = 0; i < 10; i++) {
            log.append("t", new ServerEvent.Message("m" + i, "user", large, i));
          }
          log.settle()
              .onSuccess(
                  _ -> {
                    log.append("t", new ServerEvent.ThinkingStart());
                    log.append("t", new ServerEvent.TextDelta("end"));
                  });
        });
    Await.until(() -> shown.size() == 12);

    List<Long> late = new CopyOnWriteArrayList<>();
    context.runOnContext(_ -> log.subscribe(new Reader(late), 0));
    Await.until(() -> late.size() == 12);
    assertThat(late).isEqualTo(shown);
  }

  /** A page that is being opened would wait for ever. */
  @Test
  void whoSubscribesAfterTheDeletionIsToldAsWellAsWhoWasThere() {
    List<String> told = new CopyOnWriteArrayList<>();
    context.runOnContext(
        _ -> {
          log.subscribe(new Told("there", told), 0);
          log.sessionDeleted();
          log.subscribe(new Told("late", told), 0);
          log.append("t", new ServerEvent.ThinkingStart());
          log.settle().onSuccess(_ -> told.add("written"));
        });

    Await.until(() -> told.contains("written"));
    assertThat(told).containsExactly("there", "late", "written");
  }

  /** A subscriber that keeps its name when it is told of the deletion, and gets no event. */
  private record Told(String name, List<String> told) implements EventSubscriber {
    @Override
    public EventProjection projection() {
      return WebSocketProtocol.VERSION_1;
    }

    @Override
    public void event(SessionEvent event, String frame) {
      told.add(name + " got " + event.seq());
    }

    @Override
    public Future<Void> writable() {
      return Future.succeededFuture();
    }

    @Override
    public void failed(Problem problem) {
      told.add(name + " failed");
    }

    @Override
    public void sessionDeleted() {
      told.add(name);
    }

    @Override
    public boolean closed() {
      return false;
    }
  }

  /** A subscriber that always has room, and keeps the numbers. */
  private record Reader(List<Long> shown) implements EventSubscriber {
    @Override
    public EventProjection projection() {
      return WebSocketProtocol.VERSION_1;
    }

    @Override
    public void event(SessionEvent event, String frame) {
      shown.add(event.seq());
    }

    @Override
    public Future<Void> writable() {
      return Future.succeededFuture();
    }

    @Override
    public void failed(Problem problem) {
      throw new AssertionError(problem.message());
    }

    @Override
    public boolean closed() {
      return false;
    }
  }
}
