package dev.concert.ensemble.batch;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * Who answers the lines of a batch, and what they may cost.
 *
 * @param endpoint of the provider that answers all of them
 * @param shares the lines by their model
 * @param places the share of each line, by its {@code custom_id}; empty with one share
 */
record BatchPlan(String endpoint, List<Share> shares, Map<String, Integer> places) {

  /**
   * The lines with one model.
   *
   * @param model as the client named it
   * @param served the id of the model that answers
   * @param most US dollars that its lines may cost together, as a plain decimal
   */
  record Share(String model, String served, int lines, long promptTokens, String most) {
    BigDecimal mostCost() {
      return new BigDecimal(most);
    }

    Share and(Share other) {
      return new Share(
          model,
          served,
          lines + other.lines,
          promptTokens + other.promptTokens,
          mostCost().add(other.mostCost()).toPlainString());
    }
  }

  /** The number of the share that a line belongs to. */
  int place(String customId) {
    return places.getOrDefault(customId, 0);
  }
}
