package dev.concert.ensemble.usage;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;
import io.vertx.core.Future;

/** Tells whoever keeps the accounts what a call has used. */
public interface UsageReporter {

  /** Never fails: an answer is not withheld because the accounts are away. */
  Future<Void> report(Caller caller, ServedModel model, TokenCount tokens, String cost);

  /** A call has ended for which nobody is charged. */
  default void nothingUsed() {}
}
