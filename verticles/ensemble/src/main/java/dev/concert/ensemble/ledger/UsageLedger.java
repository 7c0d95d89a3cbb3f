package dev.concert.ensemble.ledger;

import dev.concert.ensemble.budget.Budgets;
import dev.concert.ensemble.ledger.report.UsageReader;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.FailureLog;
import dev.concert.foundation.log.GroupCommit;
import dev.concert.foundation.sqlite.SqliteDatabase;
import dev.concert.foundation.sqlite.SqliteException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The usage ledger: one row for every call, recorded before its model is called and settled before
 * its client receives the end.
 *
 * <p>A thread of its own writes the rows, many in one transaction. No caller waits for the row of
 * an open call: until then the call is in the {@link IntentLog}. What is recorded survives the
 * death of this process at any moment; a crash of the machine may lose the last calls.
 *
 * <p>Thread-safe; it never blocks. A caller's future completes on the caller's context.
 */
public final class UsageLedger implements CallLedger {
  /** A transaction of this many changes takes some milliseconds. */
  private static final int MAX_BATCH = 2_000;

  /** Of so many calls the ids are removed in one transaction. */
  private static final int CALLS_AT_ONCE = 20_000;

  /** With this many calls queued the disk has stopped, or nearly. */
  private static final int MOST_WAITING = 20_000;

  private static final Logger LOG = LoggerFactory.getLogger(UsageLedger.class);

  private final LedgerFile file;
  private final UsageReader usage;
  private final StoredResponseReader answers;
  private final Context context;
  private final GroupCommit<Pending> commits;

  /** Calls are queued and written down in the order of their ids, whatever loop they are on. */
  private final Object order = new Object();

  /** Guarded by {@link #order}. */
  private long lastId;

  /** Used by the writing thread only. */
  private List<Pending> unsettled = new ArrayList<>();

  /** True while the table cannot be written. */
  private volatile boolean failing;

  /** A change to write, and who waits for it. */
  private record Pending(LedgerEntry change, Optional<Waiter> waiter) {
    void notifyWaiter(Consumer<Promise<Void>> end) {
      waiter.ifPresent(one -> one.context().runOnContext(now -> end.accept(one.written())));
    }

    /** Whether it is dropped if it cannot be written: whoever waits for it learns so. */
    boolean isDroppable() {
      return !(change instanceof LedgerEntry.Settled) && waiter.isPresent();
    }
  }

  /**
   * @param context on which the promise is completed
   */
  private record Waiter(Promise<Void> written, Context context) {}

  private UsageLedger(LedgerFile file, Path path, Context context) {
    this.file = file;
    this.usage = new UsageReader(SqliteDatabase.open(path, LedgerFile.SCHEMAS));
    this.answers = new StoredResponseReader(path);
    this.context = context;
    this.lastId = file.lastId();
    this.commits = new GroupCommit<Pending>("ensemble-ledger", MAX_BATCH, this::write).start();
  }

  /**
   * Opens the ledger; calls that were open in it are marked as interrupted.
   *
   * @param interrupted the bytes to store as the response of those calls
   */
  public static Future<UsageLedger> open(Vertx vertx, Path file, byte[] interrupted) {
    Context context = vertx.getOrCreateContext();
    return vertx.executeBlocking(() -> opened(file, interrupted, context));
  }

  private static UsageLedger opened(Path path, byte[] interrupted, Context context) {
    LedgerFile file = LedgerFile.open(path, interrupted);
    return new UsageLedger(file, path, context);
  }

  /** Reads the recorded usage. */
  public UsageReader usage() {
    return usage;
  }

  /** Whether what is settled may be missing in the table, because it cannot be written now. */
  public boolean isFailing() {
    return failing;
  }

  @Override
  public Future<Entry> open(OpenedCall call) {
    if (commits.waiting() >= MOST_WAITING) {
      return Future.failedFuture(away(null));
    }
    synchronized (order) {
      OpenedCallRow row = OpenedCallRow.of(++lastId, call);
      LedgerEntry opened = new LedgerEntry.Opened(row);
      Entry entry =
          (report, answer) ->
              add(new LedgerEntry.Settled(row.id(), row.accounts(), report, answer));
      // While the table cannot be written, a call waits for its row instead of filling the log.
      if (!failing && file.intents().add(row)) {
        commits.add(new Pending(opened, Optional.empty()));
        return Future.succeededFuture(entry);
      }
      return add(opened).map(written -> entry);
    }
  }

  /**
   * Removes every id of a tenant and of its agents, sessions and turns from the recorded calls; the
   * costs stay. Piece by piece, so that no call waits for all of it.
   */
  public Future<Void> forgetTenant(String tenantId) {
    synchronized (order) {
      return forget(tenantId, 1, lastId);
    }
  }

  private Future<Void> forget(String tenantId, long from, long last) {
    return from > last
        ? Future.succeededFuture()
        : add(new LedgerEntry.Forgotten(tenantId, from, from + CALLS_AT_ONCE - 1))
            .compose(_ -> forget(tenantId, from + CALLS_AT_ONCE, last));
  }

  /** Reads the stored responses. */
  public StoredResponseReader answers() {
    return answers;
  }

  /** Creates budgets with the recorded spending. Call it before the first call is made. */
  public Budgets budgets(Clock clock) {
    Budgets budgets = new Budgets(clock);
    file.spent().forEach(one -> budgets.load(one.account(), one.period(), one.amount()));
    return budgets;
  }

  /** Writes what is queued and closes the file. */
  public Future<Void> close(Vertx vertx) {
    return vertx.executeBlocking(
        () -> {
          commits.close();
          usage.close();
          answers.close();
          file.close();
          return null;
        });
  }

  private Future<Void> add(LedgerEntry change) {
    Promise<Void> written = Promise.promise();
    Context waiter = Optional.ofNullable(Vertx.currentContext()).orElse(context);
    commits.add(new Pending(change, Optional.of(new Waiter(written, waiter))));
    return written.future();
  }

  private void write(List<Pending> batch) {
    List<Pending> all = new ArrayList<>(unsettled);
    all.addAll(batch);
    try {
      file.write(all.stream().map(Pending::change).toList());
      unsettled = new ArrayList<>();
      failing = false;
      inTable(all);
      batch.forEach(pending -> pending.notifyWaiter(Promise::complete));
    } catch (SqliteException e) {
      FailureLog.write(
          LOG.atError(), "The usage ledger cannot be written; calls are refused until it can", e);
      failing = true;
      all.removeIf(Pending::isDroppable);
      unsettled = all;
      batch.forEach(pending -> refuse(pending, e));
    }
  }

  /** Calls are written in the order of their ids, earlier failures first. */
  private void inTable(List<Pending> written) {
    written.stream()
        .map(Pending::change)
        .filter(LedgerEntry.Opened.class::isInstance)
        .map(LedgerEntry.Opened.class::cast)
        .mapToLong(opened -> opened.row().id())
        .max()
        .ifPresent(file.intents()::inTable);
  }

  /**
   * A call that is not recorded is not made; a call that was made is settled with a later batch.
   */
  private static void refuse(Pending pending, SqliteException cause) {
    switch (pending.change()) {
      case LedgerEntry.Opened opened -> pending.notifyWaiter(written -> written.fail(away(cause)));
      case LedgerEntry.Settled settled -> pending.notifyWaiter(Promise::complete);
      case LedgerEntry.Forgotten forgotten -> pending.notifyWaiter(done -> done.fail(away(cause)));
    }
  }

  private static ConcertException away(Throwable cause) {
    return new ConcertException(
        ErrorCode.ENSEMBLE_UNAVAILABLE,
        "The usage ledger cannot record the call now, so it is not made.",
        cause);
  }
}
