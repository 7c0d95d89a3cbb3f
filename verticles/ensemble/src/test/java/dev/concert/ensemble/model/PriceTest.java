package dev.concert.ensemble.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

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

  @Property
  void aLongPromptMakesTheWholeCallDearer(
      @ForAll @LongRange(max = 400_000) long input,
      @ForAll @LongRange(max = 400_000) long cached,
      @ForAll @LongRange(max = 100_000) long output) {
    Rates usual = Rates.of(new BigDecimal("1.25"), new BigDecimal("10"), new BigDecimal("0.125"));
    Rates dear = Rates.of(new BigDecimal("2.50"), new BigDecimal("15"), new BigDecimal("0.25"));
    Price tiered = new Price(usual, List.of(new Price.Tier(200_000, dear)));
    TokenCount tokens = TokenCount.ofParts(input, cached, 0, 0, output, 0);

    Rates billed = input + cached > 200_000 ? dear : usual;

    assertThat(tiered.cost(tokens)).isEqualByComparingTo(billed.cost(tokens));
  }

  @Test
  void eachKindOfTokenHasItsOwnRate() {
    Rates rates =
        new Rates(
            new BigDecimal("3"),
            new BigDecimal("15"),
            new BigDecimal("0.30"),
            new BigDecimal("3.75"),
            new BigDecimal("6"),
            new BigDecimal("7"),
            new BigDecimal("5"),
            new BigDecimal("0.50"));
    TokenCount tokens =
        TokenCount.ofParts(2_000_000, 2_000_000, 3_000_000, 1_000_000, 3_000_000, 1_000_000)
            .withAudio(2_000_000, 1_000_000);

    // 3 + 5 + 0.30 + 0.50 + 2 × 3.75 + 6 + 2 × 15 + 7
    assertThat(rates.cost(tokens)).isEqualByComparingTo("59.30");
  }

  @Property
  void whateverIsSaidOfSoundEachPromptTokenIsStillOne(
      @ForAll @LongRange(max = MOST) long input,
      @ForAll @LongRange(max = MOST) long cached,
      @ForAll @LongRange(min = -5, max = 2 * MOST) long sound,
      @ForAll @LongRange(min = -5, max = 2 * MOST) long read) {
    TokenCount all = TokenCount.ofParts(input, cached, 0, 0, 0, 0);

    TokenCount tokens = all.withAudio(sound, read);

    assertThat(tokens.prompt()).isEqualTo(all.prompt());
    assertThat(tokens.audio()).isBetween(0L, tokens.input());
    assertThat(tokens.cachedAudio()).isBetween(0L, tokens.cached());
    assertThat(tokens.audio() + tokens.cachedAudio())
        .isEqualTo(Math.clamp(sound, 0, input + cached));
  }
}
