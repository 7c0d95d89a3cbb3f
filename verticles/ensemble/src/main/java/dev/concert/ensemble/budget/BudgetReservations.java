package dev.concert.ensemble.budget;

import io.vertx.core.Future;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reserves money for calls, on this node or together with others. Thread-safe; never blocks. */
public interface BudgetReservations {
  /**
   * Reserves an amount for a call, in all accounts or in none.
   *
   * @return complete at once unless other nodes have to agree; fails with {@code BUDGET_EXCEEDED}
   */
  Future<BudgetReservation> reserve(List<BudgetAccount> accounts, BigDecimal estimate);

  /** Notes that a reservation in these accounts has been settled. */
  void settled(List<BudgetAccount> accounts);

  /** What is spent of budgets in their current periods; on all nodes, as far as it is known. */
  Future<Spending> spent(List<BudgetAccount> accounts);

  /**
   * What is spent.
   *
   * @param amounts US dollars by account
   * @param ofAllNodes false if what other nodes have spent lately may be missing
   */
  record Spending(Map<BudgetAccount, BigDecimal> amounts, boolean ofAllNodes) {}

  /** Of a node that shares with none. */
  static BudgetReservations alone(Budgets budgets) {
    return new BudgetReservations() {
      @Override
      public Future<BudgetReservation> reserve(List<BudgetAccount> accounts, BigDecimal estimate) {
        return Future.succeededFuture(budgets.reserve(accounts, estimate));
      }

      @Override
      public void settled(List<BudgetAccount> accounts) {
        // No other node wants to know.
      }

      @Override
      public Future<Spending> spent(List<BudgetAccount> accounts) {
        Map<BudgetAccount, BigDecimal> amounts = new HashMap<>();
        accounts.forEach(
            account ->
                amounts.put(
                    account, budgets.spent(account.id(), account.budget().orElseThrow().period())));
        return Future.succeededFuture(new Spending(amounts, true));
      }
    };
  }
}
