package dev.concert.ensemble.usage;

import io.vertx.core.Future;

/** Receives the report of every call that has ended, whether it used tokens or not. */
@FunctionalInterface
public interface UsageReporter {
  /** Reports nothing. */
  UsageReporter NONE = call -> Future.succeededFuture();

  /** Reports a call. Never fails: a response is not withheld because a report fails. */
  Future<Void> report(CallReport call);

  /** Reports to both, to this one first. */
  default UsageReporter and(UsageReporter other) {
    return call -> report(call).compose(reported -> other.report(call));
  }
}
