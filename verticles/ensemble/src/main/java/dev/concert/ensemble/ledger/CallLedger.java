package dev.concert.ensemble.ledger;

import dev.concert.ensemble.usage.CallReport;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/** Where calls are written down before they are made. */
@FunctionalInterface
public interface CallLedger {
  /** Nobody keeps books. */
  CallLedger NONE = call -> Future.succeededFuture((report, answer) -> Future.succeededFuture());

  /**
   * Writes a call down as open. Completes when that is durable; fails with {@code
   * ENSEMBLE_UNAVAILABLE} where it cannot be, and then the call must not be made.
   */
  Future<Booked> open(OpenedCall call);

  /** A call that is in the books. */
  @FunctionalInterface
  interface Booked {
    /**
     * Writes down how it ended. Never fails: an answer is not withheld because of the books.
     *
     * @param answer what is kept of its answer, in the same transaction; called on another thread
     */
    Future<Void> settle(CallReport report, Optional<Supplier<byte[]>> answer);
  }
}
