package dev.concert.platform.command;

import dev.concert.chronicle.localsync.ConflictPolicy;
import dev.concert.chronicle.localsync.LocalSync;
import dev.concert.chronicle.replication.replica.Conflict;
import dev.concert.chronicle.replication.replica.ReplicaStatus;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jline.reader.UserInterruptException;

/** One run of a sync at the command line, from its begin to its end. For one thread. */
final class SyncRun {
  private static final long TICK_MS = 500;

  private final LocalSync sync;
  private final SyncReport report;
  private final boolean asks;

  /**
   * @param asks whether there is a person who can be asked about conflicts
   */
  SyncRun(LocalSync sync, SyncReport report, boolean asks) {
    this.sync = sync;
    this.report = report;
    this.asks = asks;
  }

  /**
   * Blocks.
   *
   * @param once whether to end when both sides are equal; else only when it cannot go on
   * @return why it cannot go on; empty where it ended well
   */
  Optional<String> until(boolean once, ConflictPolicy policy) throws InterruptedException {
    CompletableFuture<Void> settled = sync.settle();
    while (!settled.isDone() && !report.ended().isDone()) {
      Optional.ofNullable(report.conflictsToAsk().poll(TICK_MS, TimeUnit.MILLISECONDS))
          .ifPresent(this::ask);
      sync.status().thenApply(ReplicaStatus::waiting).thenAccept(report::progress);
    }
    if (report.ended().isDone()) {
      return Optional.of(report.ended().join());
    }
    decideOld(policy);
    report.copied();
    return once ? Optional.empty() : follow();
  }

  /** Conflicts of earlier runs, about which something else was decided now. */
  private void decideOld(ConflictPolicy policy) {
    for (Conflict conflict : sync.conflicts().join()) {
      if (policy != ConflictPolicy.ASK) {
        sync.decide(conflict, policy).join();
      } else {
        ask(conflict);
      }
    }
    if (policy != ConflictPolicy.ASK) {
      sync.settle().completeOnTimeout(null, 1, TimeUnit.MINUTES).join();
    }
  }

  private Optional<String> follow() throws InterruptedException {
    while (!report.ended().isDone()) {
      Optional.ofNullable(report.conflictsToAsk().poll(TICK_MS, TimeUnit.MILLISECONDS))
          .ifPresent(this::ask);
    }
    return Optional.of(report.ended().join());
  }

  private void ask(Conflict conflict) {
    if (!asks) {
      return;
    }
    try (ConflictDialog dialog = new ConflictDialog()) {
      ConflictPolicy decision = dialog.ask(conflict);
      if (!sync.decide(conflict, decision).join() && decision != ConflictPolicy.ASK) {
        report.line("It cannot be decided so; both versions are kept.");
      }
    } catch (UserInterruptException e) {
      report.halted("Stopped.");
    }
  }
}
