package dev.concert.ensemble.admission;

import dev.concert.ensemble.budget.BudgetAccount;
import dev.concert.ensemble.key.KeyDirectory;
import dev.concert.ensemble.key.KeySettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Finds the accounts that pay for a call: those of its key, its customer and its team. */
@FunctionalInterface
public interface Payers {
  /** Of callers without budgets. */
  Payers NONE = models -> List.of();

  /**
   * The accounts of a call.
   *
   * @param models the name that the client sent, and the models that may answer: the budget of each
   *     of them counts, so that neither an alias nor a fallback passes one by
   */
  List<BudgetAccount> accounts(Supplier<Set<String>> models);

  static Payers of(KeyDirectory.Entry entry) {
    return models -> {
      List<BudgetAccount> accounts = new ArrayList<>();
      add(
          accounts,
          BudgetAccount.ofKey(entry.key().id(), entry.key().settings().budget()),
          entry.key().settings(),
          models);
      accounts.add(BudgetAccount.ofCustomer(entry.customer().id(), entry.customer().budget()));
      entry
          .team()
          .ifPresent(
              team ->
                  add(
                      accounts,
                      BudgetAccount.ofTeam(team.id(), team.settings().budget()),
                      team.settings(),
                      models));
      return List.copyOf(accounts);
    };
  }

  private static void add(
      List<BudgetAccount> accounts,
      BudgetAccount whole,
      KeySettings settings,
      Supplier<Set<String>> models) {
    accounts.add(whole);
    new TreeMap<>(settings.modelBudgets())
        .forEach(
            (name, budget) -> {
              if (models.get().stream().anyMatch(model -> KeySettings.covers(name, model))) {
                accounts.add(whole.forModel(name, budget));
              }
            });
  }
}
