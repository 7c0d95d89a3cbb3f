package dev.concert.gateway.eventlog;

import dev.concert.error.Problem;
import dev.concert.foundation.log.GroupCommit;
import dev.concert.foundation.sqlite.SqliteDatabase;
import dev.concert.protocol.EventRecordCodec;
import dev.concert.protocol.SessionEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores every event of every session first.
 *
 * <p>One thread writes what has queued up, whatever session it belongs to, as one transaction: the
 * first event goes at once, those that arrive meanwhile share the next commit. An event is shown
 * only after its commit. Sessions copy their events to their own database later, in merged form,
 * and then have the journal delete them; what the journal still holds at the next start is copied
 * then ({@link #unmoved}).
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
          """,
          // Rows without a format were written as the JSON of protocol version 1.
          "ALTER TABLE journal ADD COLUMN format INTEGER NOT NULL DEFAULT 1;");

  private sealed interface Command {
    record Append(JournalStream stream, List<LogEntry> entries) implements Command {}

    record Forget(String sessionId, long upToSeq) implements Command {}

    record Erase(String sessionId, Promise<Void> erased) implements Command {}
  }

  private final SqliteDatabase db;
  private final GroupCommit<Command> writer;
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
    writer = new GroupCommit<>("event-journal", MAX_BATCH, this::commit);
  }

  /** Moves what an earlier process left to the sessions' databases, then begins to write. */
  public Future<Void> recover(Vertx vertx, SessionDatabases databases) {
    return vertx
        .executeBlocking(this::unmoved)
        .compose(
            left ->
                Future.all(
                    left.entrySet().stream()
                        .map(
                            entry ->
                                databases.with(
                                    entry.getKey(),
                                    store -> {
                                      store.append(entry.getValue());
                                      return true;
                                    }))
                        .toList()))
        .compose(
            _ ->
                vertx.executeBlocking(
                    () -> {
                      clear();
                      start();
                      return null;
                    }));
  }

  /** The events of an earlier process that did not move, by session, in order. Blocking. */
  public Map<String, List<SessionEvent>> unmoved() {
    Map<String, List<SessionEvent>> unmoved = new LinkedHashMap<>();
    return db.read(
        connection -> {
          ResultSet rows =
              connection
                  .createStatement()
                  .executeQuery(
                      "SELECT session_id, seq, format, json FROM journal"
                          + " ORDER BY session_id, seq");
          while (rows.next()) {
            unmoved
                .computeIfAbsent(rows.getString(1), _ -> new ArrayList<>())
                .add(
                    EventRecordCodec.decode(
                        rows.getInt(3), rows.getString(1), rows.getLong(2), rows.getString(4)));
          }
          return unmoved;
        });
  }

  /** Deletes everything: the {@link #unmoved} events are in the sessions' databases. Blocking. */
  public void clear() {
    db.write(connection -> connection.createStatement().executeUpdate("DELETE FROM journal"));
  }

  /** Begins to write. */
  public void start() {
    writer.start();
  }

  /** Any thread. The stream is notified of commit or failure, in the order of the calls. */
  void append(JournalStream stream, List<LogEntry> entries) {
    writer.add(new Command.Append(stream, entries));
  }

  /** Any thread. */
  void forget(String sessionId, long upToSeq) {
    writer.add(new Command.Forget(sessionId, upToSeq));
  }

  /**
   * Deletes every event of a session, also those that are queued before this call. Completes once
   * that is committed, on the writing thread.
   */
  public Future<Void> erase(String sessionId) {
    Promise<Void> erased = Promise.promise();
    writer.add(new Command.Erase(sessionId, erased));
    return erased.future();
  }

  /** Completes once everything that is queued now is committed, on the writing thread. */
  public Future<Void> flushed() {
    // No session has the empty id.
    return erase("");
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
                int inserted = insert(connection, appends);
                erase(connection, batch);
                return inserted;
              });
      events.increment(written);
      commits.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
    } catch (RuntimeException e) {
      if (Problem.isDefect(e)) {
        LOG.error("{} groups of events could not be written", appends.size(), e);
      }
      appends.forEach(append -> append.stream().fail(e));
      erasures(batch).forEach(erase -> erase.erased().fail(e));
      return;
    }
    erasures(batch).forEach(erase -> erase.erased().complete());
    appends.forEach(append -> append.stream().committed(append.entries()));
  }

  private static List<Command.Erase> erasures(List<Command> batch) {
    return batch.stream()
        .filter(Command.Erase.class::isInstance)
        .map(Command.Erase.class::cast)
        .toList();
  }

  private static void erase(Connection connection, List<Command> batch) throws SQLException {
    for (Command.Erase erase : erasures(batch)) {
      try (PreparedStatement delete =
          connection.prepareStatement("DELETE FROM journal WHERE session_id = ?")) {
        delete.setString(1, erase.sessionId());
        delete.executeUpdate();
      }
    }
  }

  private static int insert(Connection connection, List<Command.Append> appends)
      throws SQLException {
    if (appends.isEmpty()) {
      return 0;
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO journal (session_id, seq, format, json) VALUES (?, ?, ?, ?)")) {
      for (Command.Append append : appends) {
        for (LogEntry entry : append.entries()) {
          insert.setString(1, entry.event().sessionId());
          insert.setLong(2, entry.event().seq());
          insert.setInt(3, EventRecordCodec.FORMAT);
          insert.setString(4, entry.record());
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
    writer.close();
    db.close();
  }
}
