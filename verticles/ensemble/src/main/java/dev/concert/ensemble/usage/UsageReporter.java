package dev.concert.ensemble.usage;

import io.vertx.core.Future;

/** Tells whoever keeps the accounts of a call that has ended, whether it used anything or not. */
@FunctionalInterface
public interface UsageReporter {

  /** Never fails: an answer is not withheld because the accounts are away. */
  Future<Void> report(CallReport call);

  /** Tells both, this one first. */
  default UsageReporter and(UsageReporter other) {
    return call -> report(call).compose(told -> other.report(call));
  }
}
