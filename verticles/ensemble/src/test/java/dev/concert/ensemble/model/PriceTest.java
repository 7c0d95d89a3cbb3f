package dev.concert.ensemble.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
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
      @ForAll @LongRange(min = -5, max = MOST) long written,
      @ForAll @LongRange(min = -5, max = MOST) long output,
      @ForAll @LongRange(min = -5, max = MOST) long reasoning) {
    TokenCount tokens = TokenCount.ofPromptTotal(prompt, cached, written, output, reasoning);

    assertThat(tokens.input() + tokens.cached() + tokens.cacheWrite())
        .isEqualTo(Math.max(0, prompt));
    assertThat(tokens.reasoning()).isBetween(0L, tokens.output());
    assertThat(tokens.input()).isNotNegative();
    assertThat(tokens.cacheWrite()).isNotNegative();
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
            Rates.of(
                BigDecimal.valueOf(inputPrice, 3),
                BigDecimal.valueOf(outputPrice, 3),
                BigDecimal.valueOf(inputPrice, 4)),
            List.of());
    TokenCount tokens = TokenCount.ofParts(input, cached, 0, 0, output, 0);

    BigDecimal twice = price.cost(tokens).add(price.cost(tokens));

    assertThat(price.cost(TokenCount.ofParts(2 * input, 2 * cached, 0, 0, 2 * output, 0)))
        .isEqualByComparingTo(twice);
    assertThat(new BigDecimal(Price.plain(twice))).isEqualByComparingTo(twice);
    assertThat(Price.plain(twice)).doesNotContain("E");
  }
}
