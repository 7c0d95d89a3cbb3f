package dev.concert.chronicle.journal;

import dev.concert.chronicle.iteration.Entry;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.TimestampedEntry;
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
 * share the next transaction, and no work moves to another thread. Thread-safe; every method may
 * block on the disk.
 */
public final class Journal implements AutoCloseable {
  private static final int BATCH = 256;
  private static final String CHECK = "PRAGMA integrity_check";
  private static final String POSITION = "SELECT position FROM applied";
  private static final String APPLIED = "UPDATE applied SET position = ?";

  private final SqliteDatabase database;
  private final PreparedStatements statements = new PreparedStatements();
  private final History history;
  private final NamedSnapshots snapshots;
  private final WorkspaceRetention retention;
  private final WorkspaceExclusions versioning;
  private final InstantSource clock;
  private final Consumer<List<Iteration>> listener;
  private final Queue<PendingCommit> queue = new ConcurrentLinkedQueue<>();
  private final ReentrantLock committing = new ReentrantLock();

  private Journal(
      SqliteDatabase database,
      InstantSource clock,
      Consumer<List<Iteration>> listener,
      List<String> excluded) {
    this.database = database;
    this.history = new History(database, statements);
    this.snapshots = new NamedSnapshots(database, statements, clock);
    this.retention = new WorkspaceRetention(database, statements);
    this.versioning = new WorkspaceExclusions(database, statements, excluded);
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * @param listener gets the new iterations after they are durable, in the order of their sequence,
   *     on the thread that committed them; it must be quick and must not throw
   */
  public static Journal open(Path file, InstantSource clock, Consumer<List<Iteration>> listener) {
    return open(file, clock, listener, List.of());
  }

  /**
   * The same.
   *
   * @param excluded patterns of paths of which only the latest iteration is kept, for a workspace
   *     that has none of its own
   */
  public static Journal open(
      Path file, InstantSource clock, Consumer<List<Iteration>> listener, List<String> excluded) {
    return new Journal(
        SqliteDatabase.open(file, JournalSchema.MIGRATIONS), clock, listener, excluded);
  }

  /** The entry is durable when this returns. */
  public void enter(Entry entry) {
    PendingCommit submission = new PendingCommit(entry);
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

  private List<PendingCommit> nextBatch() {
    List<PendingCommit> batch = new ArrayList<>();
    while (batch.size() < BATCH) {
      PendingCommit next = queue.poll();
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
  public void apply(List<TimestampedEntry> entries, long position) {
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

  private void commit(List<PendingCommit> batch) {
    try {
      long now = clock.millis();
      List<Iteration> entered =
          transact(
              batch.stream().map(one -> new TimestampedEntry(now, one.entry())).toList(),
              OptionalLong.empty());
      batch.forEach(PendingCommit::succeeded);
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

  private List<Iteration> transact(List<TimestampedEntry> entries, OptionalLong position) {
    return database.write(
        connection -> {
          IterationWriter ledger =
              new IterationWriter(connection, statements, versioning::isExcluded);
          for (TimestampedEntry entry : entries) {
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

  public NamedSnapshots snapshots() {
    return snapshots;
  }

  /** Which paths have no iterations. */
  public WorkspaceExclusions versioning() {
    return versioning;
  }

  public WorkspaceRetention retention() {
    return retention;
  }

  @Override
  public void close() {
    database.close();
  }
}
