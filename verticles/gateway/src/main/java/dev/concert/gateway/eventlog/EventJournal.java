package dev.concert.gateway.eventlog;

import dev.concert.foundation.sqlite.SqliteDatabase;
import dev.concert.protocol.EventCodec;
import dev.concert.protocol.SessionEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every event of every session is written first.
 *
 * <p>One thread writes what has queued up, whatever session it belongs to, as one transaction: the
 * first event goes at once, those that arrive meanwhile share the next commit. Only after its
 * commit is an event shown to anybody. Sessions copy their events to their own database later, in
 * merged form, and then tell the journal to forget them; what the journal still holds at the next
 * start is copied then ({@link #left}).
 *
 * <p>The queue has no limit of its own: each session bounds what it has under way by acknowledging
 * the agent's events only after their commit.
 */
public final class EventJournal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventJournal.class);
  private static final int MAX_BATCH = 4096;
  private static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE journal (
            session_id TEXT NOT NULL,
            seq INTEGER NOT NULL,
            json TEXT NOT NULL,
            PRIMARY KEY (session_id, seq)
          ) WITHOUT ROWID;
          """);

  private sealed interface Command {
    record Append(JournalStream stream, List<LogEntry> entries) implements Command {}

    record Forget(String sessionId, long upToSeq) implements Command {}

    record Stop() implements Command {}
  }

  private final SqliteDatabase db;
  private final BlockingQueue<Command> queue = new LinkedBlockingQueue<>();
  private final Thread writer;
  private final Counter events;
  private final Timer commits;

  /** Blocking: opens the file. */
  public EventJournal(Path file, MeterRegistry metrics) {
    events =
        Counter.builder("concert.gateway.events").description("Events written").register(metrics);
    commits =
        Timer.builder("concert.gateway.journal.commit")
            .description("Time of one commit of the event journal")
            .publishPercentileHistogram()
            .register(metrics);
    db = SqliteDatabase.openBusy(file, MIGRATIONS);
    writer = Thread.ofPlatform().name("event-journal").daemon().unstarted(this::write);
  }

  /** What an earlier process left, by session, in order. Blocking. */
  public Map<String, List<SessionEvent>> left() {
    Map<String, List<SessionEvent>> left = new LinkedHashMap<>();
    return db.read(
        connection -> {
          ResultSet rows =
              connection
                  .createStatement()
                  .executeQuery("SELECT session_id, json FROM journal ORDER BY session_id, seq");
          while (rows.next()) {
            left.computeIfAbsent(rows.getString(1), _ -> new ArrayList<>())
                .add(EventCodec.decodeSessionEvent(rows.getString(2)));
          }
          return left;
        });
  }

  /** Forgets everything: what {@link #left} named is in the sessions' databases now. Blocking. */
  public void clear() {
    db.write(connection -> connection.createStatement().executeUpdate("DELETE FROM journal"));
  }

  /** Begins to write. */
  public void start() {
    writer.start();
  }

  /** Any thread. The stream hears of the commit, or of the failure, in the order of the calls. */
  void append(JournalStream stream, List<LogEntry> entries) {
    queue.add(new Command.Append(stream, entries));
  }

  /** Any thread. */
  void forget(String sessionId, long upToSeq) {
    queue.add(new Command.Forget(sessionId, upToSeq));
  }

  private void write() {
    List<Command> batch = new ArrayList<>();
    boolean running = true;
    while (running) {
      try {
        batch.add(queue.take());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      queue.drainTo(batch, MAX_BATCH);
      running = batch.stream().noneMatch(Command.Stop.class::isInstance);
      commit(batch);
      batch.clear();
    }
  }

  private void commit(List<Command> batch) {
    List<Command.Append> appends =
        batch.stream()
            .filter(Command.Append.class::isInstance)
            .map(Command.Append.class::cast)
            .filter(append -> !append.stream().broken())
            .toList();
    long begin = System.nanoTime();
    try {
      int written =
          db.write(
              connection -> {
                forget(connection, batch);
                return insert(connection, appends);
              });
      events.increment(written);
      commits.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
    } catch (RuntimeException e) {
      LOG.error("{} groups of events could not be written", appends.size(), e);
      appends.forEach(append -> append.stream().fail());
      return;
    }
    appends.forEach(append -> append.stream().committed(append.entries()));
  }

  private static int insert(Connection connection, List<Command.Append> appends)
      throws SQLException {
    if (appends.isEmpty()) {
      return 0;
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO journal (session_id, seq, json) VALUES (?, ?, ?)")) {
      for (Command.Append append : appends) {
        for (LogEntry entry : append.entries()) {
          insert.setString(1, entry.event().sessionId());
          insert.setLong(2, entry.event().seq());
          insert.setString(3, entry.json());
          insert.addBatch();
        }
      }
      return insert.executeBatch().length;
    }
  }

  private static void forget(Connection connection, List<Command> batch) throws SQLException {
    for (Command command : batch) {
      if (command instanceof Command.Forget(String sessionId, long upToSeq)) {
        try (PreparedStatement delete =
            connection.prepareStatement("DELETE FROM journal WHERE session_id = ? AND seq <= ?")) {
          delete.setString(1, sessionId);
          delete.setLong(2, upToSeq);
          delete.executeUpdate();
        }
      }
    }
  }

  /** Writes what is queued, then closes the file. Blocking. */
  @Override
  public void close() {
    queue.add(new Command.Stop());
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    db.close();
  }
}
