package dev.concert.gateway.session;

import dev.concert.protocol.ServerEvent.UsageTotals;
import dev.concert.protocol.ServerEvent.UsageUpdate;
import java.math.BigDecimal;

/** Adds up model calls: tokens as whole numbers, cost as an exact decimal. */
final class UsageSum {
  private long input;
  private long output;
  private long cached;
  private long calls;
  private BigDecimal cost = BigDecimal.ZERO;

  void add(UsageUpdate usage) {
    input += usage.inputTokens();
    output += usage.outputTokens();
    cached += usage.cachedTokens();
    cost = cost.add(new BigDecimal(usage.cost()));
    calls++;
  }

  UsageTotals totals() {
    return new UsageTotals(input, output, cached, cost.toPlainString(), calls);
  }
}
