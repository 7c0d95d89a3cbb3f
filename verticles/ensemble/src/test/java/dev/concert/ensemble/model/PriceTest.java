package dev.concert.ensemble.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class PriceTest {
  private static final long MOST = 10_000_000_000L;

  @Property
  void everyPromptTokenIsCountedOnce(
      @ForAll @LongRange(min = -5, max = MOST) long prompt,
      @ForAll @LongRange(min = -5, max = MOST) long cached,
      @ForAll @LongRange(min = -5, max = MOST) long output) {
    TokenCount tokens = TokenCount.ofPromptTotal(prompt, cached, output);

    assertThat(tokens.input() + tokens.cached()).isEqualTo(Math.max(0, prompt));
    assertThat(tokens.input()).isNotNegative();
    assertThat(tokens.cached()).isNotNegative();
  }

  @Property
  void costIsExactAndGrowsCallByCall(
      @ForAll @IntRange(max = 1_000_000) int inputPrice,
      @ForAll @IntRange(max = 1_000_000) int outputPrice,
      @ForAll @LongRange(max = MOST) long input,
      @ForAll @LongRange(max = MOST) long cached,
      @ForAll @LongRange(max = MOST) long output) {
    Price price =
        new Price(
            BigDecimal.valueOf(inputPrice, 3),
            BigDecimal.valueOf(outputPrice, 3),
            BigDecimal.valueOf(inputPrice, 4));
    TokenCount tokens = new TokenCount(input, cached, output, false);

    BigDecimal twice = price.cost(tokens).add(price.cost(tokens));

    assertThat(price.cost(new TokenCount(2 * input, 2 * cached, 2 * output, false)))
        .isEqualByComparingTo(twice);
    assertThat(new BigDecimal(Price.plain(twice))).isEqualByComparingTo(twice);
    assertThat(Price.plain(twice)).doesNotContain("E");
  }
}
