package dev.concert.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.protocol.ServerEvent.UsageTotals;
import dev.concert.protocol.ServerEvent.UsageUpdate;
import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class UsageAccumulatorTest {

  @Test
  void withoutACallNothingIsUsed() {
    assertThat(new UsageAccumulator().totals()).isEqualTo(UsageTotals.NONE);
  }

  @Test
  void aCallOfUnknownCostMakesTheWholeUnknown() {
    UsageAccumulator sum = new UsageAccumulator();
    sum.add(new UsageUpdate("m", "p", 3, 2, 1, "0.5"));
    sum.add(new UsageUpdate("unpriced", "p", 3, 2, 1, null));

    assertThat(sum.totals()).isEqualTo(new UsageTotals(6, 4, 2, null, 2));
  }

  @Property(tries = 200)
  void costsAddUpExactlyWhateverTheirNumber(
      @ForAll @Size(max = 50) List<@IntRange(max = 1_000_000) Integer> microDollars) {
    UsageAccumulator sum = new UsageAccumulator();
    BigDecimal expected = BigDecimal.ZERO;
    for (int micro : microDollars) {
      BigDecimal cost = BigDecimal.valueOf(micro, 6);
      expected = expected.add(cost);
      sum.add(new UsageUpdate("m", "p", micro, 2, 1, cost.toPlainString()));
    }
    UsageTotals totals = sum.totals();
    assertThat(new BigDecimal(totals.cost())).isEqualByComparingTo(expected);
    assertThat(totals.inputTokens())
        .isEqualTo(microDollars.stream().mapToLong(Integer::longValue).sum());
    assertThat(totals.modelCalls()).isEqualTo(microDollars.size());
  }
}
