package dev.concert.ensemble.pipeline;

import dev.concert.ensemble.budget.BudgetReservation;
import dev.concert.ensemble.budget.BudgetReservations;
import dev.concert.ensemble.usage.CallEstimate;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import java.math.BigDecimal;

/** Reserves the most that the call may cost, whichever endpoint answers in the end. */
record BudgetStage(BudgetReservations budgets) implements CallStage {
  @Override
  public Future<Void> handle(Call call) {
    refuseUnpriced(call);
    Future<BudgetReservation> reserved = budgets.reserve(call.payers(), mostCost(call));
    if (reserved.succeeded()) {
      keep(call, reserved.result());
      return Future.succeededFuture();
    }
    return reserved.onSuccess(agreed -> keep(call, agreed)).mapEmpty();
  }

  private void keep(Call call, BudgetReservation reserved) {
    call.onRefused(() -> settle(call, reserved, BigDecimal.ZERO));
    call.onSettled(
        report -> {
          settle(call, reserved, report.cost());
          return Future.succeededFuture();
        });
  }

  private void settle(Call call, BudgetReservation reserved, BigDecimal cost) {
    reserved.settle(cost);
    budgets.settled(call.payers());
  }

  /** Ensemble cannot enforce a budget if the cost of a call is unknown. */
  private static void refuseUnpriced(Call call) {
    boolean limited = call.payers().stream().anyMatch(payer -> payer.budget().isPresent());
    if (limited) {
      call.attempts()
          .unpriced()
          .ifPresent(
              model -> {
                throw new ConcertException(
                    ErrorCode.FORBIDDEN,
                    "A key with a budget cannot use the model '%s', whose price is not set. Set inputPrice and outputPrice of the model at the provider '%s' (0 if it is free), or remove the budget."
                        .formatted(model.id(), model.provider()));
              });
    }
  }

  /** The most that the call may cost, US dollars. */
  static BigDecimal mostCost(Call call) {
    long prompt = call.prompt().tokens();
    return call.attempts()
        .most(
            model ->
                model
                    .price()
                    .mostCost(prompt, CallEstimate.of(prompt, call.request(), model).most()));
  }
}
