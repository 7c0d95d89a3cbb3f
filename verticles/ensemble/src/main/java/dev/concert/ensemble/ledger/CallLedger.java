package dev.concert.ensemble.ledger;

import dev.concert.ensemble.usage.CallReport;
import io.vertx.core.Future;
import java.util.Optional;

/** Records calls before they are made. */
@FunctionalInterface
public interface CallLedger {
  /** Records nothing. */
  CallLedger NONE = call -> Future.succeededFuture((report, answer) -> Future.succeededFuture());

  /**
   * Records a call as open. Completes when that is durable; fails with {@code ENSEMBLE_UNAVAILABLE}
   * if it cannot be recorded, and then the call must not be made.
   */
  Future<Entry> open(OpenedCall call);

  /** A call that is recorded. */
  @FunctionalInterface
  interface Entry {
    /**
     * Records how the call ended. Never fails: a response is not withheld because of the ledger.
     *
     * @param answer the response to store in the same transaction
     */
    Future<Void> settle(CallReport report, Optional<AnswerBody> answer);
  }
}
