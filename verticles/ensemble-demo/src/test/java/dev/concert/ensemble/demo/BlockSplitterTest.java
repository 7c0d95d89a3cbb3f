package dev.concert.ensemble.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.BlockCollector;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class BlockSplitterTest {
  @Property
  void thePiecesOfATextAreTheText(@ForAll @StringLength(max = 80) String text) {
    String visible = text.isBlank() ? "" : text;
    BlockCollector whole = new BlockCollector();

    BlockSplitter.of(new AnswerPlan("", visible, List.of())).forEach(whole::add);

    assertThat(whole.blocks())
        .isEqualTo(visible.isEmpty() ? List.of() : List.of(new TextBlock(visible)));
  }

  @Property
  void argumentsAreNeverCutInsideACharacter(@ForAll @StringLength(max = 200) String text) {
    ToolCall call =
        ToolCall.ofText("c", "write", "{\"text\":\"😀" + text.replace("\"", "") + "\"}");

    List<Block> blocks = BlockSplitter.of(new AnswerPlan("", "", List.of(call)));
    StringBuilder joined = new StringBuilder();
    for (Block block : blocks) {
      if (block instanceof ToolCallDelta delta) {
        String piece = delta.call().rawArguments();
        assertThat(
                Character.isHighSurrogate(piece.charAt(piece.length() - 1)) && piece.length() > 25)
            .isFalse();
        joined.append(piece);
      }
    }

    assertThat(joined.toString()).isEqualTo(call.rawArguments());
    assertThat(blocks.getLast()).isEqualTo(new ToolCallBlock(call));
  }

  @Test
  void anAnswerStreamsInWords() {
    assertThat(BlockSplitter.of(new AnswerPlan("", "one two three", List.of())))
        .containsExactly(new TextBlock("one "), new TextBlock("two "), new TextBlock("three"));
  }
}
