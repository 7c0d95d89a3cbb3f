package dev.concert.chronicle.localsync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Two changes of one text. */
class ThreeWayMergeTest {
  @Test
  void changesOfDifferentLinesAreBothKept() {
    assertThat(merge("a\nb\nc\nd\ne\n", "A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n"))
        .contains("A\nb\nc\nd\nE\n");
  }

  @Test
  void changesOfTheSameLineAreNotMerged() {
    assertThat(merge("a\nb\nc\n", "a\nX\nc\n", "a\nY\nc\n")).isEmpty();
  }

  @Test
  void theSameChangeOnBothSidesIsNoConflict() {
    assertThat(merge("a\nb\n", "a\nX\n", "a\nX\n")).contains("a\nX\n");
  }

  @Test
  void aMissingLastLineEndStaysMissing() {
    assertThat(merge("a\nb\nc\nd", "A\nb\nc\nd", "a\nb\nc\nd")).contains("A\nb\nc\nd");
    assertThat(merge("a\nb\nc\nd", "A\nb\nc\nd", "a\nb\nc\nD")).contains("A\nb\nc\nD");
    assertThat(merge("a\nb\nc\nd", "A\nb\nc\nd", "a\nb\nc\nd\ne\n")).contains("A\nb\nc\nd\ne\n");
  }

  @Test
  void linesOfWindowsStayAsTheyAre() {
    assertThat(merge("a\r\nb\r\nc\r\n", "A\r\nb\r\nc\r\n", "a\r\nb\r\nC\r\n"))
        .contains("A\r\nb\r\nC\r\n");
  }

  @Test
  void whatIsNoTextIsNeverMerged() {
    assertThat(merge("a\nb\nc\0\n", "A\nb\nc\0\n", "a\nb\nc\0\nd\n")).isEmpty();
  }

  @Property(tries = 300)
  void oneSidesChangeAloneIsTakenWhole(
      @ForAll @Size(max = 8) List<@IntRange(max = 3) Integer> base,
      @ForAll @Size(max = 8) List<@IntRange(max = 3) Integer> changed) {
    assertThat(merge(text(base), text(changed), text(base))).contains(text(changed));
    assertThat(merge(text(base), text(base), text(changed))).contains(text(changed));
  }

  @Property(tries = 300)
  void noLineOfEitherSideIsLost(
      @ForAll @Size(min = 3, max = 9) List<@IntRange(max = 3) Integer> base,
      @ForAll @IntRange(max = 8) int here,
      @ForAll @IntRange(max = 8) int there) {
    List<Integer> local = new ArrayList<>(base);
    local.add(here % (base.size() + 1), 100);
    List<Integer> upstream = new ArrayList<>(base);
    upstream.add(there % (base.size() + 1), 200);

    merge(text(base), text(local), text(upstream))
        .ifPresent(merged -> assertThat(merged.lines()).contains("100", "200"));
  }

  private static String text(List<Integer> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private static Optional<String> merge(String base, String local, String upstream) {
    return ThreeWayMerge.merge(
            base.getBytes(UTF_8), local.getBytes(UTF_8), upstream.getBytes(UTF_8))
        .map(merged -> new String(merged, UTF_8));
  }
}
