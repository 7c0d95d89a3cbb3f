package dev.concert.ensemble.routing;

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

  /** What the model can do and costs at its preferred provider. */
  public ModelRoute preferred() {
    return pools.getFirst().members().getFirst().route();
  }
}
