package dev.concert.ensemble.routing;

import dev.concert.ensemble.model.TokenCount;
import java.math.BigDecimal;
import java.util.List;

/**
 * Everybody who answers for a model: its providers' pools in the order of preference, then those of
 * the models that stand in for it.
 */
public record ModelGroup(String model, List<Pool> pools) {

  /** Whether there is anything to choose. */
  boolean hasChoice() {
    return pools.size() > 1 || pools.getFirst().members().size() > 1;
  }

  /**
   * US dollars that a call costs more there than at the cheapest of all that serve the same model;
   * those that only stand in for it are no measure.
   */
  BigDecimal penalty(ModelRoute chosen, TokenCount estimate) {
    if (pools.size() == 1) {
      return BigDecimal.ZERO;
    }
    BigDecimal cost = chosen.model().price().cost(estimate);
    return pools.stream()
        .map(pool -> pool.members().getFirst().route().model())
        .filter(model -> model.id().equals(chosen.model().id()))
        .map(model -> cost.subtract(model.price().cost(estimate)))
        .reduce(BigDecimal.ZERO, BigDecimal::max);
  }

  /** What the model can do and costs at its preferred provider. */
  public ModelRoute preferred() {
    return pools.getFirst().members().getFirst().route();
  }
}
