package dev.concert.platform.command.sync;

import dev.concert.chronicle.localsync.ConflictPolicy;
import dev.concert.chronicle.localsync.LocalSync;
import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.replica.ReplicaStatus;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jline.reader.UserInterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of {@code concert sync}, from start to end. For one thread. */
final class SyncRun {
  private static final Logger LOG = LoggerFactory.getLogger(SyncRun.class);
  private static final long TICK_MS = 500;

  private final LocalSync sync;
  private final SyncReport report;
  private final boolean asks;

  /** Which versions of which paths the user was asked about. */
  private final Set<String> asked = new HashSet<>();

  /**
   * @param asks whether to ask the user about conflicts
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
    boolean decided = false;
    while (!(settled.isDone() && decided) && !report.ended().isDone()) {
      Optional.ofNullable(report.conflictsToAsk().poll(TICK_MS, TimeUnit.MILLISECONDS))
          .ifPresent(this::ask);
      ReplicaStatus now = sync.status().exceptionally(_ -> ReplicaStatus.CLOSED).join();
      report.progress(now.waiting());
      if (now.caughtUp() && !decided) {
        // Not only when all is quiet: a conflict may be what keeps something else waiting.
        decided = true;
        decideOld(policy);
        settled = sync.settle();
      }
    }
    if (report.ended().isDone()) {
      return Optional.of(report.ended().join());
    }
    report.copied();
    return once ? Optional.empty() : follow();
  }

  /** Resolves conflicts of earlier runs by the policy of this run. */
  private void decideOld(ConflictPolicy policy) {
    for (Conflict conflict : sync.conflicts().join()) {
      if (policy == ConflictPolicy.ASK) {
        ask(conflict);
        continue;
      }
      try {
        sync.decide(conflict, policy).join();
      } catch (CompletionException failed) {
        // It stays open and is listed; the others are decided.
        LOG.debug("A conflict could not be resolved", failed);
      }
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
    if (!asks || !asked.add(conflict.path() + "\0" + conflict.upstreamSequence())) {
      return;
    }
    try (ConflictDialog dialog = new ConflictDialog()) {
      ConflictPolicy decision = dialog.ask(conflict);
      if (!sync.decide(conflict, decision).join() && decision != ConflictPolicy.ASK) {
        report.line("The files cannot be merged; both versions are kept.");
      }
    } catch (UserInterruptException e) {
      report.halted("Stopped.");
    }
  }
}
