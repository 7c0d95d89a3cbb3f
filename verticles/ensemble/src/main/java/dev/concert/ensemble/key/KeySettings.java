package dev.concert.ensemble.key;

import dev.concert.ensemble.budget.Budget;
import dev.concert.ensemble.limit.RateLimit;
import java.util.Optional;
import java.util.Set;

/**
 * What a key may do.
 *
 * @param allowedModels names as clients send them; empty: every model
 */
public record KeySettings(
    String name, Set<String> allowedModels, RateLimit limit, Optional<Budget> budget) {
  public KeySettings {
    allowedModels = Set.copyOf(allowedModels);
  }

  public boolean allows(String model) {
    return allowedModels.isEmpty() || allowedModels.contains(model);
  }
}
