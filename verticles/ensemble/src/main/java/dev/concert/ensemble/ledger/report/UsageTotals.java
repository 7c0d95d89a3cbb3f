package dev.concert.ensemble.ledger.report;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.concert.ensemble.model.Price;
import java.math.BigDecimal;
import java.util.Collection;

/**
 * The total usage of several calls. A prompt token is in exactly one of input, cached and cache
 * write.
 *
 * @param calls the number of calls that have ended
 * @param openCalls the number of calls in progress, which count nowhere else
 * @param unpricedCalls the number of ended calls whose cost is not known
 * @param cost US dollars of all others, exact, as a plain decimal
 */
@JsonNaming(SnakeCaseStrategy.class)
public record UsageTotals(
    long calls,
    long openCalls,
    long inputTokens,
    long cachedTokens,
    long cacheWriteTokens,
    long outputTokens,
    long reasoningTokens,
    long unpricedCalls,
    String cost) {
  private static final UsageTotals NOTHING = new UsageTotals(0, 0, 0, 0, 0, 0, 0, 0, "0");

  /** The sum of several totals. */
  public static UsageTotals of(Collection<UsageTotals> sums) {
    return sums.stream().reduce(NOTHING, UsageTotals::plus);
  }

  UsageTotals plus(UsageTotals other) {
    return new UsageTotals(
        calls + other.calls,
        openCalls + other.openCalls,
        inputTokens + other.inputTokens,
        cachedTokens + other.cachedTokens,
        cacheWriteTokens + other.cacheWriteTokens,
        outputTokens + other.outputTokens,
        reasoningTokens + other.reasoningTokens,
        unpricedCalls + other.unpricedCalls,
        Price.plain(new BigDecimal(cost).add(new BigDecimal(other.cost))));
  }

  /** The usage of one call. */
  static UsageTotals of(LedgerRow row) {
    return row.open()
        ? new UsageTotals(0, 1, 0, 0, 0, 0, 0, 0, "0")
        : new UsageTotals(
            1,
            0,
            row.inputTokens(),
            row.cachedTokens(),
            row.cacheWriteTokens(),
            row.outputTokens(),
            row.reasoningTokens(),
            row.cost().equals(Price.UNKNOWN_COST) ? 1 : 0,
            Price.plain(Price.amount(row.cost())));
  }
}
