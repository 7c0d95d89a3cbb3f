package dev.concert.ensemble.ledger;

import dev.concert.ensemble.budget.Budgets;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
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
 * The books: one row for every call, there before its model is asked and settled before its client
 * hears of the end.
 *
 * <p>Rows are written by a thread of their own, many in one transaction. For the first one nobody
 * waits: it is in the {@link IntentLog} meanwhile. What was written survives the death of this
 * process at any moment; the death of the machine may cost the last ones.
 *
 * <p>Not thread-safe: used from the context it was opened on; never blocks it.
 */
public final class Ledger implements CallLedger {
  /** With so many calls waiting to be written down the disk has stopped, or nearly. */
  private static final int MOST_WAITING = 20_000;

  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

  private final LedgerFile file;
  private final UsageReader usage;
  private final AnswerReader answers;
  private final Context context;
  private final GroupCommit<Pending> commits;
  private long lastId;

  /** Touched by the writing thread only. */
  private List<Pending> unsettled = new ArrayList<>();

  /** Set while the table cannot be written. */
  private volatile boolean failing;

  /** What is to be written, and who waits for it. */
  private record Pending(Change change, Optional<Waiter> waiter) {
    void tell(Consumer<Promise<Void>> end) {
      waiter.ifPresent(one -> one.context().runOnContext(now -> end.accept(one.written())));
    }

    /** Whether it is forgotten where it cannot be written: it was not promised to anybody. */
    boolean isNoPromise() {
      return change instanceof Change.Opened && waiter.isPresent();
    }
  }

  /**
   * @param context of the request it belongs to
   */
  private record Waiter(Promise<Void> written, Context context) {}

  private Ledger(LedgerFile file, Path path, Context context) {
    this.file = file;
    this.usage = new UsageReader(path);
    this.answers = new AnswerReader(path);
    this.context = context;
    this.lastId = file.lastId();
    this.commits = new GroupCommit<>("ensemble-ledger", this::write);
  }

  /**
   * Opens the books; calls that were open in them are marked as interrupted.
   *
   * @param interrupted what is kept in the place of the answers that were under way
   */
  public static Future<Ledger> open(Vertx vertx, Path file, byte[] interrupted) {
    Context context = vertx.getOrCreateContext();
    return vertx.executeBlocking(() -> opened(file, interrupted, context));
  }

  private static Ledger opened(Path path, byte[] interrupted, Context context) {
    LedgerFile file = LedgerFile.open(path, interrupted);
    return new Ledger(file, path, context);
  }

  /** What was used until now. */
  public UsageReader usage() {
    return usage;
  }

  @Override
  public Future<Booked> open(OpenedCall call) {
    if (commits.waiting() >= MOST_WAITING) {
      return Future.failedFuture(away(null));
    }
    OpenedRow row = OpenedRow.of(++lastId, call);
    Change opened = new Change.Opened(row);
    Booked booked = (report, answer) -> add(new Change.Settled(row.id(), report, answer));
    // While the table cannot be written no call is made that would have to wait for it for long.
    if (!failing && file.intents().add(row)) {
      commits.add(new Pending(opened, Optional.empty()));
      return Future.succeededFuture(booked);
    }
    return add(opened).map(written -> booked);
  }

  /** The answers that are kept. */
  public AnswerReader answers() {
    return answers;
  }

  /** Budgets that know what was spent before now. To be asked before the first call. */
  public Budgets budgets(Clock clock) {
    Budgets budgets = new Budgets(clock);
    file.spent().forEach(one -> budgets.load(one.account(), one.period(), one.amount()));
    return budgets;
  }

  /** Writes what waits and closes the file. */
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

  private Future<Void> add(Change change) {
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
      batch.forEach(pending -> pending.tell(Promise::complete));
    } catch (SqliteException e) {
      LOG.error("The ledger cannot be written; calls are refused until it can", e);
      failing = true;
      all.removeIf(Pending::isNoPromise);
      unsettled = all;
      batch.forEach(pending -> refuse(pending, e));
    }
  }

  /** They are written in the order of their ids, those that could not be before the others. */
  private void inTable(List<Pending> written) {
    written.stream()
        .map(Pending::change)
        .filter(Change.Opened.class::isInstance)
        .map(Change.Opened.class::cast)
        .mapToLong(opened -> opened.row().id())
        .max()
        .ifPresent(file.intents()::inTable);
  }

  /** A call that is not in the books is not made; one that was made is settled with the next. */
  private static void refuse(Pending pending, SqliteException cause) {
    switch (pending.change()) {
      case Change.Opened opened -> pending.tell(written -> written.fail(away(cause)));
      case Change.Settled settled -> pending.tell(Promise::complete);
    }
  }

  private static ConcertException away(Throwable cause) {
    return new ConcertException(
        ErrorCode.ENSEMBLE_UNAVAILABLE,
        "The call cannot be written down now, so it is not made.",
        cause);
  }
}
