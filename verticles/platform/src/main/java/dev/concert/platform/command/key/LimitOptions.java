package dev.concert.platform.command.key;

import dev.concert.ensemble.budget.Budget;
import dev.concert.ensemble.budget.BudgetPeriod;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.limit.RateLimit;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** The options that limit a key or a team. */
final class LimitOptions {
  @Option(names = "--rpm", description = "Requests per minute (default: no limit).")
  private Long requests;

  @Option(names = "--tpm", description = "Tokens per minute (default: no limit).")
  private Long tokens;

  @Option(
      names = "--model",
      description = "A model that may be used; repeat for several (default: all).")
  private List<String> models = List.of();

  @Option(names = "--budget", description = "US dollars that may be spent (default: no limit).")
  private BigDecimal budget;

  @Option(
      names = "--model-budget",
      paramLabel = "MODEL=DOLLARS",
      description = "US dollars for one model, by its name or its beginning and *; repeatable.")
  private Map<String, BigDecimal> modelBudgets = Map.of();

  @Option(
      names = "--per",
      defaultValue = "month",
      description = "Period of the budgets: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private BudgetPeriod period;

  KeySettings settings(String name, Optional<Instant> expiry, Optional<String> team) {
    Map<String, Budget> ofModels = new TreeMap<>();
    modelBudgets.forEach((model, amount) -> ofModels.put(model, new Budget(amount, period)));
    return new KeySettings(
        name,
        models.isEmpty() ? Optional.empty() : Optional.of(new HashSet<>(models)),
        new RateLimit(most(requests), most(tokens)),
        Optional.ofNullable(budget).map(amount -> new Budget(amount, period)),
        expiry,
        team,
        ofModels);
  }

  private static long most(Long limit) {
    return limit == null ? RateLimit.MOST : limit;
  }
}
