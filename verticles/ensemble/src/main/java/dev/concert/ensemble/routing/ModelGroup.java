package dev.concert.ensemble.routing;

import dev.concert.ensemble.model.TokenCount;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;

/**
 * The pools that may answer for a model: its providers' pools in the order of preference, then
 * those of its fallback models.
 */
public record ModelGroup(String model, List<CapacityPool> pools) {

  /** Whether there is a choice. */
  boolean hasChoice() {
    return pools.size() > 1 || pools.getFirst().members().size() > 1;
  }

  /**
   * US dollars that a call costs more there than at the cheapest provider of the same model;
   * fallback models are not compared.
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

  /** Whoever may answer, in the order of preference. */
  public Stream<ModelRoute> routes() {
    return pools.stream().flatMap(pool -> pool.members().stream()).map(PoolMember::route);
  }

  /** The model at its preferred provider. */
  public ModelRoute preferred() {
    return pools.getFirst().members().getFirst().route();
  }
}
