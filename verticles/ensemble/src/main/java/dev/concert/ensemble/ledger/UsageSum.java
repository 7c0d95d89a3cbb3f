package dev.concert.ensemble.ledger;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.concert.ensemble.model.Price;
import java.math.BigDecimal;
import java.util.Collection;

/**
 * What several calls used together. A prompt token is in exactly one of input, cached and cache
 * write.
 *
 * @param calls those that have ended
 * @param openCalls those under way, which count nowhere else
 * @param cost US dollars, exact, as a plain decimal
 */
@JsonNaming(SnakeCaseStrategy.class)
public record UsageSum(
    long calls,
    long openCalls,
    long inputTokens,
    long cachedTokens,
    long cacheWriteTokens,
    long outputTokens,
    long reasoningTokens,
    String cost) {
  private static final UsageSum NOTHING = new UsageSum(0, 0, 0, 0, 0, 0, 0, "0");

  /** All of them together. */
  public static UsageSum of(Collection<UsageSum> sums) {
    return sums.stream().reduce(NOTHING, UsageSum::plus);
  }

  UsageSum plus(UsageSum other) {
    return new UsageSum(
        calls + other.calls,
        openCalls + other.openCalls,
        inputTokens + other.inputTokens,
        cachedTokens + other.cachedTokens,
        cacheWriteTokens + other.cacheWriteTokens,
        outputTokens + other.outputTokens,
        reasoningTokens + other.reasoningTokens,
        Price.plain(new BigDecimal(cost).add(new BigDecimal(other.cost))));
  }

  /** What one call used. */
  static UsageSum of(LedgerRow row) {
    return row.open()
        ? new UsageSum(0, 1, 0, 0, 0, 0, 0, "0")
        : new UsageSum(
            1,
            0,
            row.inputTokens(),
            row.cachedTokens(),
            row.cacheWriteTokens(),
            row.outputTokens(),
            row.reasoningTokens(),
            row.cost());
  }
}
