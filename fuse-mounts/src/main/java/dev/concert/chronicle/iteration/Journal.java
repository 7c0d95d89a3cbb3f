package dev.concert.chronicle.iteration;

import dev.concert.foundation.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Enters what happens in a workspace and remembers it.
 *
 * <p>Writers batch by what has queued: the first one commits at once, those that come meanwhile
 * share the next transaction, and nobody hands work to another thread. Thread-safe; every method
 * may block on the disk.
 */
public final class Journal implements AutoCloseable {
  private static final int BATCH = 256;
  private static final String CHECK = "PRAGMA integrity_check";
  private static final String POSITION = "SELECT position FROM applied";
  private static final String APPLIED = "UPDATE applied SET position = ?";

  private final SqliteDatabase database;
  private final Statements statements = new Statements();
  private final History history;
  private final Snapshots snapshots;
  private final OwnRetention retention;
  private final InstantSource clock;
  private final Consumer<List<Iteration>> listener;
  private final Queue<Submission> queue = new ConcurrentLinkedQueue<>();
  private final ReentrantLock committing = new ReentrantLock();

  private Journal(
      SqliteDatabase database, InstantSource clock, Consumer<List<Iteration>> listener) {
    this.database = database;
    this.history = new History(database, statements);
    this.snapshots = new Snapshots(database, statements, clock);
    this.retention = new OwnRetention(database, statements);
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * @param listener gets the iterations that came to be after they are durable, in the order of
   *     their sequence, on the thread that committed them; it must be quick and must not throw
   */
  public static Journal open(Path file, InstantSource clock, Consumer<List<Iteration>> listener) {
    return new Journal(SqliteDatabase.open(file, Schema.MIGRATIONS), clock, listener);
  }

  /** The entry is durable when this returns. */
  public void enter(Entry entry) {
    Submission submission = new Submission(entry);
    queue.add(submission);
    committing.lock();
    try {
      while (!submission.isDone()) {
        commit(nextBatch());
      }
    } finally {
      committing.unlock();
    }
    submission.rethrow();
  }

  private List<Submission> nextBatch() {
    List<Submission> batch = new ArrayList<>();
    while (batch.size() < BATCH) {
      Submission next = queue.poll();
      if (next == null) {
        break;
      }
      batch.add(next);
    }
    return batch;
  }

  /**
   * Enters what a log holds, all of it or nothing, together with how far the log is applied by it.
   *
   * @param position number of the last record of the log that this is or includes
   */
  public void apply(List<Dated> entries, long position) {
    committing.lock();
    try {
      List<Iteration> entered = transact(entries, OptionalLong.of(position));
      if (!entered.isEmpty()) {
        listener.accept(entered);
      }
    } finally {
      committing.unlock();
    }
  }

  /** Number of the last record of the log that was applied; 0 before the first. */
  public long position() {
    return database.read(
        connection -> {
          try (ResultSet row = statements.with(connection, POSITION).executeQuery()) {
            return row.getLong(1);
          }
        });
  }

  /** What SQLite finds damaged in the database, one sentence each; empty where it is sound. */
  public List<String> damages() {
    return database.read(
        connection -> {
          List<String> found = new ArrayList<>();
          try (ResultSet rows = statements.with(connection, CHECK).executeQuery()) {
            while (rows.next()) {
              found.add(rows.getString(1));
            }
          }
          return found.equals(List.of("ok")) ? List.of() : found;
        });
  }

  private void commit(List<Submission> batch) {
    try {
      long now = clock.millis();
      List<Iteration> entered =
          transact(
              batch.stream().map(one -> new Dated(now, one.entry())).toList(),
              OptionalLong.empty());
      batch.forEach(Submission::succeeded);
      if (!entered.isEmpty()) {
        listener.accept(entered);
      }
    } catch (RuntimeException failure) {
      if (batch.size() == 1) {
        batch.getFirst().failed(failure);
      } else {
        // One that cannot be entered must not take its neighbours with it.
        batch.forEach(submission -> commit(List.of(submission)));
      }
    }
  }

  private List<Iteration> transact(List<Dated> entries, OptionalLong position) {
    return database.write(
        connection -> {
          Ledger ledger = new Ledger(connection, statements);
          for (Dated entry : entries) {
            ledger.enter(entry);
          }
          if (position.isPresent()) {
            statements.with(connection, APPLIED, position.getAsLong()).executeUpdate();
          }
          return ledger.entered();
        });
  }

  public History history() {
    return history;
  }

  public Snapshots snapshots() {
    return snapshots;
  }

  public OwnRetention retention() {
    return retention;
  }

  @Override
  public void close() {
    database.close();
  }
}
