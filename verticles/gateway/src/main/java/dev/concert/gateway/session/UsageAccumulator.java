package dev.concert.gateway.session;

import dev.concert.protocol.ServerEvent.UsageTotals;
import dev.concert.protocol.ServerEvent.UsageUpdate;
import java.math.BigDecimal;

/**
 * Adds up model calls: tokens as whole numbers, cost as an exact decimal, which is not known as
 * soon as that of one call is not.
 */
final class UsageAccumulator {
  private long input;
  private long output;
  private long cached;
  private long calls;
  private long context;
  private BigDecimal cost = BigDecimal.ZERO;
  private boolean costKnown = true;

  void add(UsageUpdate usage) {
    input += usage.inputTokens();
    output += usage.outputTokens();
    cached += usage.cachedTokens();
    if (usage.cost() == null) {
      costKnown = false;
    } else {
      cost = cost.add(new BigDecimal(usage.cost()));
    }
    calls++;
    context = usage.inputTokens() + usage.cachedTokens() + usage.outputTokens();
  }

  /** Tokens of the last call, its answer included; 0 before one. */
  long context() {
    return context;
  }

  UsageTotals totals() {
    return new UsageTotals(input, output, cached, costKnown ? cost.toPlainString() : null, calls);
  }
}
