package dev.concert.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneLineTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Fix the build (2nd try)",
        "中文, עברית, العربية",
        "left\u200eto\u200fright marks",
        "👩\u200d💻 🇩🇪",
        "a\u00a0b"
      })
  void whatPeopleCallThingsIsOne(String text) {
    assertThat(OneLine.isOne(text)).isTrue();
    assertThat(text).matches(OneLine.PATTERN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "two\nlines",
        "a\rb",
        "a\tb",
        "\u0000",
        "\u001b[31mred",
        "\u007f",
        "\u0085next line",
        "\u009b31m",
        "a\u2028b",
        "a\u2029b",
        "invoice\u202efdp.exe",
        "\u202a",
        "\u2066isolated\u2069"
      })
  void whatMovesOrTurnsWhatStandsAroundItIsNot(String text) {
    assertThat(OneLine.isOne(text)).isFalse();
    assertThat(text).doesNotMatch(OneLine.PATTERN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"two\nlines", "two\u2028lines", "two\u202elines"})
  void anyTextBecomesOne(String text) {
    assertThat(OneLine.of(text, 20)).isEqualTo("two lines");
    assertThat(OneLine.of(text, 5)).isEqualTo("two …");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "\ude00x"})
  void halfAnEmojiIsNot(String text) {
    assertThat(OneLine.isOne(text)).isFalse();
  }
}
