package dev.concert.ensemble.routing.affinity;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheValueTest {

  @ParameterizedTest(name = "{0} tokens at {1}, cached at {2}, confidence {3}: ${4}")
  @CsvSource({
    "100000, 3.00, 0.30, 1, 0.27",
    "100000, 3.00, 0.30, 0.5, 0.135",
    "150000, 1.25, 0.125, 1, 0.16875",
    "0, 3.00, 0.30, 1, 0",
    "100000, 0, 0, 1, 0",
    "100000, 1.00, 2.00, 1, 0"
  })
  void isWhatTheCacheSaves(
      long tokens, BigDecimal input, BigDecimal cached, double confidence, BigDecimal dollars) {
    CacheValue value = CacheValue.of(new CacheExpectation("a", tokens, confidence), input, cached);

    assertThat(value.dollars()).isEqualByComparingTo(dollars);
  }
}
