package dev.concert.bridges.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MessageSplitterTest {
  private static final MessageSplitter FORTY = new MessageSplitter(40, String::length);

  @Test
  void aShortTextIsOnePieceAndAnEmptyOneNone() {
    assertThat(FORTY.split("Hello\nWorld")).containsExactly("Hello\nWorld");
    assertThat(FORTY.split("")).isEmpty();
  }

  @Test
  void aTextIsSplitBetweenLinesElseBetweenWords() {
    assertThat(FORTY.split("a".repeat(30) + "\n" + "b".repeat(30)))
        .containsExactly("a".repeat(30), "b".repeat(30));
    assertThat(FORTY.split("one two three four five six seven eight nine ten"))
        .containsExactly("one two three four five six seven eight", "nine ten");
  }

  @Test
  void aCodeBlockIsClosedAndOpenedAgainWithItsLanguage() {
    for (String mark : List.of("```", "~~~", "````")) {
      String code = mark + "java\n" + "x = 1;\n".repeat(8) + mark + "\nDone.";
      List<String> pieces = FORTY.split(code);
      assertThat(pieces).hasSizeGreaterThan(1).allMatch(piece -> piece.length() <= 40);
      assertThat(pieces.subList(0, pieces.size() - 1))
          .allMatch(piece -> piece.startsWith(mark + "java\n") && piece.endsWith("\n" + mark));
      assertThat(pieces.getLast()).endsWith("Done.");
    }
  }

  @Test
  void oneVeryLongLineOfCodeMakesProgress() {
    List<String> pieces = FORTY.split("```\n" + "x".repeat(200) + "\n```");
    assertThat(pieces).allMatch(piece -> piece.length() <= 40);
    String all = String.join("", pieces).replace("```", "").replace("\n", "");
    assertThat(all).isEqualTo("x".repeat(200));
  }

  @Test
  void aLongLineThatBeginsACodeBlockLeavesRoomToCloseIt() {
    for (String line : List.of("~~~" + "a".repeat(22) + "😀".repeat(6), "```" + "b".repeat(50))) {
      List<String> pieces = FORTY.split(line + "\nx");
      assertThat(pieces).hasSizeGreaterThan(1).allMatch(piece -> piece.length() <= 40);
      assertThat(pieces.getFirst()).endsWith("\n" + line.substring(0, 3));
    }
  }

  @Test
  void whatPeopleSeeAsOneCharacterStaysWhole() {
    String family = "👨‍👩‍👧";
    MessageSplitter bytes =
        new MessageSplitter(60, text -> text.getBytes(StandardCharsets.UTF_8).length);
    List<String> pieces = bytes.split(family.repeat(10));
    assertThat(pieces)
        .hasSizeGreaterThan(1)
        .allSatisfy(piece -> assertThat(piece.replace(family, "")).isEmpty());
  }

  @Provide
  Arbitrary<String> markdown() {
    Arbitrary<String> line =
        Arbitraries.oneOf(
            Arbitraries.of("```", "```java", "~~~", "~~~~", "    ```", "", "# x", "é👍🏽"),
            Arbitraries.of("a", "b", " ", "~", "`", "é", "😀")
                .list()
                .ofMaxSize(60)
                .map(characters -> String.join("", characters)));
    return line.list().ofMaxSize(12).map(lines -> String.join("\n", lines));
  }

  @Property(tries = 100)
  void noPieceIsTooLongAndNoCharacterIsLost(@ForAll("markdown") String text) {
    List<String> pieces = FORTY.split(text);
    assertThat(pieces).allMatch(piece -> piece.length() <= 40);
    String all = letters(String.join("", pieces));
    int at = -1;
    for (char one : letters(text).toCharArray()) {
      at = all.indexOf(one, at + 1);
      assertThat(at).as("%s in %s", one, pieces).isNotNegative();
    }
  }

  /** Marks of code blocks and their languages are added, spaces at the ends are not kept. */
  private static String letters(String text) {
    return text.codePoints()
        .filter(one -> "b#xé".indexOf(one) >= 0 || one > 0x1F000)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }
}
