package dev.concert.ensemble.demo.program;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberWordsTest {
  @ParameterizedTest
  @CsvSource({
    "the first ten primes, 10",
    "Twelve squares, 12",
    "twenty-one primes, 21",
    "ninety nine bottles, 99",
    "a hundred primes, 100",
    "zero, 0",
    "from 3 to seven, 3"
  })
  void theFirstNumberCountsInDigitsOrWords(String sentence, int number) {
    assertThat(NumberWords.first(sentence)).hasValue(number);
  }

  @Property
  void digitsAreReadAsTheyAre(@ForAll @IntRange(max = 9_999) int number) {
    assertThat(NumberWords.first("print " + number + " numbers")).hasValue(number);
  }

  @Test
  void wordsThatContainNumbersAreNoNumbers() {
    assertThat(NumberWords.first("often someone listens")).isEmpty();
  }
}
