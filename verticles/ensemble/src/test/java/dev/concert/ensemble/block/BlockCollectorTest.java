package dev.concert.ensemble.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class BlockCollectorTest {
  private final BlockCollector collector = new BlockCollector();

  @Property
  void piecesOfTextBecomeOneBlockWithAllOfThem(
      @ForAll @Size(min = 1, max = 20) List<@StringLength(max = 10) String> pieces) {
    BlockCollector whole = new BlockCollector();
    pieces.forEach(piece -> whole.add(new TextBlock(piece)));

    String text = String.join("", pieces);
    assertThat(whole.blocks()).isEqualTo(text.isEmpty() ? List.of() : List.of(new TextBlock(text)));
    assertThat(whole.estimatedTokens()).isEqualTo(TextTokens.tokens(TextTokens.weight(text)));
  }

  @Test
  void thinkingAndTextAreSeparateBlocksInTheirOrder() {
    collector.add(new ThinkingBlock("let me "));
    collector.add(new ThinkingBlock("see"));
    collector.add(new TextBlock("It is "));
    collector.add(new TextBlock("so."));
    collector.add(new ThinkingBlock("more"));

    assertThat(collector.blocks())
        .containsExactly(
            new ThinkingBlock("let me see"), new TextBlock("It is so."), new ThinkingBlock("more"));
  }

  @Test
  void aSignatureEndsItsBlock() {
    collector.add(new ThinkingBlock("one"));
    collector.add(new ThinkingBlock("", "signature-1", null));
    collector.add(new ThinkingBlock("two"));
    collector.add(new ThinkingBlock("", "signature-2", null));

    assertThat(collector.blocks())
        .containsExactly(
            new ThinkingBlock("one", "signature-1", null),
            new ThinkingBlock("two", "signature-2", null));
  }

  @Test
  void onlyTheWholeToolCallIsKept() {
    collector.add(new TextBlock("I look."));
    collector.add(new ToolCallStart("c", "read"));
    collector.add(new ToolCallDelta("c", "{}"));
    ToolCallBlock whole = new ToolCallBlock(ToolCall.ofText("c", "read", "{}"));
    collector.add(whole);

    assertThat(collector.blocks()).containsExactly(new TextBlock("I look."), whole);
    assertThat(collector.estimatedTokens())
        .isEqualTo(Math.ceilDiv("I look.".length() + "read".length() + 2, 4));
  }

  @Test
  void theEndOfABlockSeparatesTextsAndLeavesNoTrace() {
    collector.add(new TextBlock("one"));
    collector.add(new TextBlock("", Opaque.end("gemini")));
    collector.add(new TextBlock("two"));

    assertThat(collector.blocks()).containsExactly(new TextBlock("one"), new TextBlock("two"));
  }

  @Test
  void anOpaquePayloadStaysWithItsText() {
    Opaque citations = new Opaque("anthropic", "{\"citations\":[]}");
    collector.add(new TextBlock("cited"));
    collector.add(new TextBlock("", citations));

    assertThat(collector.blocks()).containsExactly(new TextBlock("cited", citations));
  }

  @Test
  void itGoesOnAfterItWasAsked() {
    collector.add(new TextBlock("a"));
    collector.blocks();
    collector.add(new TextBlock("b"));

    assertThat(collector.blocks()).containsExactly(new TextBlock("a"), new TextBlock("b"));
  }
}
