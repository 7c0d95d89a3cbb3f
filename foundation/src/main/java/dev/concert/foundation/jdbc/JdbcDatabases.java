package dev.concert.foundation.jdbc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.concert.foundation.context.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * One database file for each key, such as a tenant, with the same schema.
 *
 * <p>A file is opened and migrated on its first use. At most {@code limit} files stay open; beyond
 * that, the one whose use lies longest back is closed, once its operations under way are done. So a
 * file has 1 writer and {@value #READERS} readers at most, and the number of open files is bounded.
 *
 * <p>Thread-safe and non-blocking.
 */
public final class JdbcDatabases {
  static final int READERS = 2;

  private final Vertx vertx;
  private final Function<String, Path> place;
  private final List<String> migrations;
  private final Cache<String, Entry> open;
  private volatile boolean closed;

  /**
   * @param place the file of a key
   * @param limit how many files may stay open, at least 1
   */
  public JdbcDatabases(
      Vertx vertx, Function<String, Path> place, List<String> migrations, int limit) {
    this.vertx = vertx;
    this.place = place;
    this.migrations = List.copyOf(migrations);
    this.open =
        Caffeine.newBuilder()
            .maximumSize(limit)
            // Evicts within the call, so that the bound holds at every moment.
            .executor(Runnable::run)
            .removalListener((String _, Entry entry, RemovalCause _) -> entry.retire())
            .build();
  }

  /**
   * Uses the database of a key; it stays open until the future of the work completes. The returned
   * future completes on the caller's context.
   */
  public <T> Future<T> with(String key, Function<JdbcDatabase, Future<T>> work) {
    if (closed) {
      return Future.failedFuture(new IllegalStateException("The databases are closed."));
    }
    Entry entry = acquire(key);
    if (entry.database.succeeded()) {
      // Its own future would run the work on the context that opened the file.
      return Future.succeededFuture(entry.database.result())
          .compose(work)
          .onComplete(_ -> entry.release());
    }
    return CallerContext.now(vertx)
        .complete(
            entry
                .database
                .onFailure(_ -> open.asMap().remove(key, entry))
                .compose(work)
                .onComplete(_ -> entry.release()));
  }

  /** Closes the database of a key, once its operations under way are done; the file stays. */
  public Future<Void> close(String key) {
    Entry entry = open.asMap().remove(key);
    return entry == null ? Future.succeededFuture() : entry.closed();
  }

  private Entry acquire(String key) {
    while (true) {
      Entry entry = open.get(key, this::open);
      if (entry.acquire()) {
        return entry;
      }
      // It was evicted between the two calls.
      open.asMap().remove(key, entry);
    }
  }

  private Entry open(String key) {
    return new Entry(JdbcDatabase.open(vertx, place.apply(key), migrations, READERS));
  }

  /** How many files are open, apart from those that are being closed. */
  int size() {
    return open.asMap().size();
  }

  /** Closes every database, after the operations under way; later ones fail. */
  public Future<Void> close() {
    closed = true;
    List<Entry> entries = List.copyOf(open.asMap().values());
    open.invalidateAll();
    return Future.join(entries.stream().map(entry -> entry.closed()).toList()).mapEmpty();
  }

  /** A database, and how many use it. */
  private static final class Entry {
    private final Future<JdbcDatabase> database;
    private final Promise<Void> closed = Promise.promise();
    private int uses;
    private boolean retired;

    private Entry(Future<JdbcDatabase> database) {
      this.database = database;
    }

    /** False when it is closed, or about to be. */
    private synchronized boolean acquire() {
      if (!retired) {
        uses++;
      }
      return !retired;
    }

    private synchronized void release() {
      uses--;
      closeWhenUnused();
    }

    private synchronized void retire() {
      retired = true;
      closeWhenUnused();
    }

    private void closeWhenUnused() {
      if (retired && uses == 0) {
        // One that never opened has nothing to close.
        database
            .compose(JdbcDatabase::close)
            .otherwiseEmpty()
            .onComplete(_ -> closed.tryComplete());
      }
    }

    private Future<Void> closed() {
      return closed.future();
    }
  }
}
