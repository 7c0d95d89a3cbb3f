package dev.concert.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer in Markdown, as a person sees it at a terminal while it comes. */
class MarkdownStreamTest {
  private static final String DOCUMENT =
      """
      # Result

      It **works**, see `a.txt` and [docs](https://x.example/d).

      - one
      - two

        still two

      5. five
      6. six

      ```python
      print(1)

      # not a heading
      ```

      > quoted

      | name | size |
      |:--|--:|
      | a | 1 |
      | long | 1000 |

      The end.
      """;

  private static List<String> plain(List<String> lines) {
    return lines.stream().map(Style::harmless).map(String::stripTrailing).toList();
  }

  private static List<String> shown(String text) {
    MarkdownStream stream = new MarkdownStream();
    return Stream.concat(stream.add(text).stream(), stream.end().stream()).toList();
  }

  private static List<String> whole(String text) {
    return plain(shown(text));
  }

  @Test
  void marksBecomeStylesAndTablesColumns() {
    assertThat(whole(DOCUMENT))
        .containsExactly(
            "Result",
            "",
            "It works, see a.txt and docs (https://x.example/d).",
            "",
            "• one",
            "",
            "• two",
            "",
            "  still two",
            "",
            "5. five",
            "6. six",
            "",
            "  print(1)",
            "",
            "  # not a heading",
            "",
            "│ quoted",
            "",
            "name  size",
            "────  ────",
            "a        1",
            "long  1000",
            "",
            "The end.");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void itLooksTheSameHoweverItIsCut(long seed) {
    Random random = new Random(seed);
    MarkdownStream stream = new MarkdownStream();
    List<String> lines = new ArrayList<>();
    for (int at = 0; at < DOCUMENT.length(); ) {
      int end = Math.min(DOCUMENT.length(), at + 1 + random.nextInt(12));
      lines.addAll(stream.add(DOCUMENT.substring(at, end)));
      at = end;
    }
    lines.addAll(stream.end());

    assertThat(plain(lines)).isEqualTo(whole(DOCUMENT));
  }

  @Test
  void aBlockIsShownAsSoonAsTheNextOneBegins() {
    MarkdownStream stream = new MarkdownStream();

    assertThat(stream.add("First.\n\n")).isEmpty();
    assertThat(plain(stream.add("Sec"))).isEmpty();
    assertThat(plain(stream.add("ond\n"))).containsExactly("First.");
    assertThat(plain(stream.end())).containsExactly("", "Second");
    assertThat(plain(stream.add("New.\n\nx\n"))).containsExactly("New.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"> ", "- ", "*a", "[", "1. "})
  void deepNestingIsShown(String mark) {
    assertThat(String.join("", whole(mark.repeat(20_000) + "end"))).contains("end");
  }

  @Test
  void aLongBlockIsShownInPartsAndStaysWhatItIs() {
    MarkdownStream stream = new MarkdownStream();
    List<String> shown = new ArrayList<>(stream.add("```\n"));
    for (int line = 0; line < 5_000; line++) {
      shown.addAll(stream.add("# line " + line + "\n"));
    }
    assertThat(shown).hasSizeGreaterThan(4_000);
    shown.addAll(stream.add("```\n\nThe end.\n"));
    shown.addAll(stream.end());

    assertThat(plain(shown).stream().filter(line -> line.startsWith("  # line "))).hasSize(5_000);
    assertThat(plain(shown)).endsWith("", "The end.").doesNotContain("```");
  }

  @Test
  void aLineWithoutAnEndIsShownInParts() {
    MarkdownStream stream = new MarkdownStream();
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      shown.addAll(stream.add("word "));
    }
    shown.addAll(stream.end());

    assertThat(String.join(" ", plain(shown)).split("\\s+")).hasSize(20_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          **a `b` c**   | ␛[1ma ␛[36mb␛[0m␛[1m c␛[0m
          *a*           | ␛[3ma␛[0m
          - [x] done    | • [x] done
          <b>raw</b>    | <b>raw</b>
          2 * 3 * 4     | 2 * 3 * 4
          a_b_c         | a_b_c
          """)
  void stylesGoOnAfterStylesInside(String markdown, String shown) {
    assertThat(shown(markdown)).containsExactly(shown.replace('␛', '\u001b'));
  }
}
