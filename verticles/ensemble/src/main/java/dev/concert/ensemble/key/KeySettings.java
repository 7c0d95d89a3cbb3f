package dev.concert.ensemble.key;

import dev.concert.ensemble.budget.Budget;
import dev.concert.ensemble.limit.RateLimit;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a key may do, or all keys of a team together.
 *
 * @param allowedModels model names as clients send them, none of them for an empty set; empty: all
 *     models
 * @param expiresAt from then on the key is refused; empty: never
 * @param team the id of the team whose settings bind the key too
 * @param modelBudgets for calls to one model each, by its name or the beginning of names; see
 *     {@link #covers}
 */
public record KeySettings(
    String name,
    Optional<Set<String>> allowedModels,
    RateLimit limit,
    Optional<Budget> budget,
    Optional<Instant> expiresAt,
    Optional<String> team,
    Map<String, Budget> modelBudgets) {
  /** Of a key that does not expire and has no team. */
  public KeySettings(
      String name, Optional<Set<String>> allowedModels, RateLimit limit, Optional<Budget> budget) {
    this(name, allowedModels, limit, budget, Optional.empty());
  }

  /** Of a key without a team. */
  public KeySettings(
      String name,
      Optional<Set<String>> allowedModels,
      RateLimit limit,
      Optional<Budget> budget,
      Optional<Instant> expiresAt) {
    this(name, allowedModels, limit, budget, expiresAt, Optional.empty(), Map.of());
  }

  public KeySettings {
    allowedModels = allowedModels.map(Set::copyOf);
    modelBudgets = Map.copyOf(modelBudgets);
  }

  public boolean allows(String model) {
    return allowedModels.isEmpty()
        || allowedModels.get().contains(model)
        || allowedModels.get().stream().anyMatch(name -> covers(name, model));
  }

  /** {@code openai/*} stands for all models whose names begin so. */
  public static boolean covers(String name, String model) {
    return name.equals(model)
        || name.endsWith("*") && model.startsWith(name.substring(0, name.length() - 1));
  }
}
