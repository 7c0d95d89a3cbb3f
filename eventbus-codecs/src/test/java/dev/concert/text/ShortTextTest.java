package dev.concert.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShortTextTest {
  @Test
  void aTextThatFitsIsKept() {
    assertThat(ShortText.of("", 0)).isEmpty();
    assertThat(ShortText.of("short", 5)).isEqualTo("short");
    assertThat(ShortText.of("😀", 2)).isEqualTo("😀");
  }

  @Test
  void noCharacterIsCutInTwo() {
    assertThat(ShortText.of("ab😀cd", 2)).isEqualTo("ab");
    assertThat(ShortText.of("ab😀cd", 3)).isEqualTo("ab");
    assertThat(ShortText.of("ab😀cd", 4)).isEqualTo("ab😀");
    assertThat(ShortText.of("😀", 1)).isEmpty();
    assertThat(ShortText.of("😀", 0)).isEmpty();
  }

  @Test
  void aTextForPeopleEndsWithAnEllipsisWhereItWasShortened() {
    assertThat(ShortText.marked("short", 5)).isEqualTo("short");
    assertThat(ShortText.marked("longer", 5)).isEqualTo("long…");
    assertThat(ShortText.marked("abc😀", 4)).isEqualTo("abc…");
  }
}
