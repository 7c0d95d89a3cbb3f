package dev.concert.ensemble.admission;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.limit.RateDecision;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.usage.UsageReporter;
import io.vertx.core.Future;

/** A call that may be made, and what was taken for it. */
public record Admitted(RateDecision.Granted granted) {

  /** The reporter, which also puts what was used in the place of what was taken. */
  public UsageReporter settling(UsageReporter usage) {
    return new UsageReporter() {
      @Override
      public Future<Void> report(Caller caller, ServedModel model, TokenCount tokens, String cost) {
        granted.reservation().settle(tokens.prompt() + tokens.output());
        return usage.report(caller, model, tokens, cost);
      }

      @Override
      public void nothingUsed() {
        granted.reservation().settle(0);
        usage.nothingUsed();
      }
    };
  }

  /** The call was not made after all. */
  public void giveBack() {
    granted.reservation().giveBack();
  }
}
