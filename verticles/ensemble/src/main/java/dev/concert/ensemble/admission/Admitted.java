package dev.concert.ensemble.admission;

import dev.concert.ensemble.budget.Account;
import dev.concert.ensemble.limit.RateDecision;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.usage.UsageReporter;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/**
 * A call that may be made, and what was taken for it.
 *
 * @param granted what was taken of the limit
 * @param limit {@link RateLimit#NONE} for a key without one
 * @param resets when nothing counts any more of what was used by now
 * @param accounts who pays for it
 */
public record Admitted(
    RateDecision.Granted granted, RateLimit limit, Instant resets, List<Account> accounts) {

  /** What its key may do besides in this minute. */
  public LimitsLeft left() {
    return LimitsLeft.of(limit, granted, resets);
  }

  /** Puts what was used in the place of what was taken. */
  public UsageReporter settling() {
    return call -> {
      TokenCount tokens = call.tokens();
      granted.reservation().settle(tokens.prompt() + tokens.output());
      return Future.succeededFuture();
    };
  }

  /** The call was not made after all. */
  public void giveBack() {
    granted.reservation().giveBack();
  }
}
