package dev.concert.ensemble.pipeline;

import dev.concert.ensemble.allowance.Allowances;
import dev.concert.ensemble.allowance.TurnAllowance;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * Holds the most that the call may cost in the allowance of its turn; asks for more credit where
 * that does not suffice. Callers without an allowance pass.
 */
record AllowanceStage(Allowances allowances) implements CallStage {
  @Override
  public Future<Void> handle(Call call) {
    Optional<TurnAllowance> allowance = allowances.of(call.caller());
    return allowance.isEmpty() ? Future.succeededFuture() : hold(call, allowance.get());
  }

  private Future<Void> hold(Call call, TurnAllowance allowance) {
    BigDecimal most = BudgetStage.mostCost(call);
    return allowances
        .hold(allowance, most)
        .onSuccess(
            _ -> {
              call.paidByTurn(allowance.turnId());
              call.onRefused(() -> allowances.settle(allowance, most, BigDecimal.ZERO));
              // Not before: a turn without open calls has all of them in the ledger.
              call.onRecorded(
                  report -> {
                    allowances.settle(allowance, most, report.cost());
                    return Future.succeededFuture();
                  });
            });
  }
}
