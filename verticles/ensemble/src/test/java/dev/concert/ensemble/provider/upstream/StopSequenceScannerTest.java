package dev.concert.ensemble.provider.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class StopSequenceScannerTest {
  private final List<Block> shown = new ArrayList<>();

  @Property
  void endsAtTheFirstStopHoweverTheTextIsCut(
      @ForAll @StringLength(max = 40) @CharRange(from = 'a', to = 'c') String text,
      @ForAll @Size(min = 1, max = 3)
          List<@StringLength(min = 1, max = 4) @CharRange(from = 'a', to = 'c') String> stops,
      @ForAll @IntRange(min = 1, max = 7) int size) {
    List<Block> seen = new ArrayList<>();
    StopSequenceScanner scanner = new StopSequenceScanner(stops, seen::add);
    for (int at = 0; at < text.length(); at += size) {
      scanner.accept(new TextBlock(text.substring(at, Math.min(at + size, text.length()))));
    }
    scanner.flush();

    int first = stops.stream().mapToInt(text::indexOf).filter(at -> at >= 0).min().orElse(-1);
    assertThat(scanner.found().isPresent()).isEqualTo(first >= 0);
    String shown = joined(seen);
    if (first < 0) {
      assertThat(shown).isEqualTo(text);
    } else {
      // Pieces may end one stop before another one, that began sooner, is whole.
      assertThat(text).startsWith(shown);
      assertThat(text.substring(shown.length())).startsWith(scanner.found().orElseThrow());
      assertThat(stops).noneMatch(shown::contains);
    }
  }

  @Test
  void whatMayBeAStopWaitsAndEverythingElseDoesNot() {
    StopSequenceScanner scanner = new StopSequenceScanner(List.of("END"), shown::add);

    scanner.accept(new TextBlock("one E"));
    assertThat(joined(shown)).isEqualTo("one ");
    scanner.accept(new TextBlock("Nough"));

    assertThat(joined(shown)).isEqualTo("one ENough");
  }

  @Test
  void nothingFollowsAStop() {
    StopSequenceScanner scanner = new StopSequenceScanner(List.of("END"), shown::add);

    scanner.accept(new TextBlock("one END two"));
    scanner.accept(new ThinkingBlock("hm"));
    scanner.accept(new TextBlock("", Opaque.end("x")));

    assertThat(shown).containsExactly(new TextBlock("one "));
  }

  @Test
  void anotherBlockBringsOutWhatWaited() {
    StopSequenceScanner scanner = new StopSequenceScanner(List.of("END"), shown::add);

    scanner.accept(new TextBlock("EN"));
    scanner.accept(new ThinkingBlock("D"));

    assertThat(shown).containsExactly(new TextBlock("EN"), new ThinkingBlock("D"));
    assertThat(scanner.found()).isEmpty();
  }

  private static String joined(List<Block> blocks) {
    return blocks.stream()
        .filter(TextBlock.class::isInstance)
        .map(block -> ((TextBlock) block).text())
        .collect(Collectors.joining());
  }
}
