package dev.concert.ensemble.admission;

import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.usage.UsageReporter;
import io.vertx.core.Future;
import java.util.List;

/**
 * A call that was admitted, and what was reserved for it.
 *
 * @param taken the reservations in the limits of the key and of its team
 * @param payers who pays for the call
 */
public record AdmittedCall(List<TakenLimit> taken, Payers payers) {

  /** What is left of the limits: the least of what the key and its team have. */
  public RemainingLimits left() {
    return taken.stream().map(RemainingLimits::of).reduce(RemainingLimits::least).orElseThrow();
  }

  /** Replaces the reserved tokens by the tokens that the call used. */
  public UsageReporter settling() {
    return call -> {
      TokenCount tokens = call.tokens();
      taken.forEach(one -> one.granted().reservation().settle(tokens.prompt() + tokens.output()));
      return Future.succeededFuture();
    };
  }

  /** Returns the reservation, because the call is not made. */
  public void giveBack() {
    taken.forEach(one -> one.granted().reservation().giveBack());
  }
}
