package dev.concert.ensemble.ledger;

import dev.concert.ensemble.usage.UsageReporter;
import io.vertx.core.Future;

/** Where calls are written down before they are made. */
@FunctionalInterface
public interface CallLedger {
  /** Nobody keeps books. */
  CallLedger NONE = call -> Future.succeededFuture(report -> Future.succeededFuture());

  /**
   * Writes a call down as open. Completes when that is durable, with whom to tell of its end; fails
   * with {@code ENSEMBLE_UNAVAILABLE} where it cannot be, and then the call must not be made.
   */
  Future<UsageReporter> open(OpenedCall call);
}
