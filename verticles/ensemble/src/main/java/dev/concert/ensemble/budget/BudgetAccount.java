package dev.concert.ensemble.budget;

import java.util.List;
import java.util.Optional;

/**
 * A payer with an optional budget.
 *
 * @param id {@code key:…}, {@code customer:…} or {@code team:…}, for one model followed by a space
 *     and its name; spending is recorded under it
 */
public record BudgetAccount(String id, Optional<Budget> budget) {
  private static final String TEAM = "team:";
  private static final char BEFORE_MODEL = ' ';

  public static BudgetAccount ofKey(String keyId, Optional<Budget> budget) {
    return new BudgetAccount("key:" + keyId, budget);
  }

  public static BudgetAccount ofTeam(String teamId, Optional<Budget> budget) {
    return new BudgetAccount(TEAM + teamId, budget);
  }

  /** The account for one model, by its name or the beginning of names. */
  public BudgetAccount forModel(String name, Budget limit) {
    return new BudgetAccount(id + BEFORE_MODEL + name, Optional.of(limit));
  }

  /** The team among the accounts of a call; empty without one. */
  public static String teamOf(List<String> accounts) {
    return accounts.stream()
        .filter(id -> id.startsWith(TEAM) && id.indexOf(BEFORE_MODEL) < 0)
        .findFirst()
        .map(id -> id.substring(TEAM.length()))
        .orElse("");
  }

  /** For a sentence, such as {@code key} or {@code team for the model 'demo'}. */
  String describe() {
    String kind = id.substring(0, id.indexOf(':'));
    int model = id.indexOf(BEFORE_MODEL);
    return model < 0 ? kind : "%s for the model '%s'".formatted(kind, id.substring(model + 1));
  }

  public static BudgetAccount ofCustomer(String customerId, Optional<Budget> budget) {
    return new BudgetAccount("customer:" + customerId, budget);
  }
}
