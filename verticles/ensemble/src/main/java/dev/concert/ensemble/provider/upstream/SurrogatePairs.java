package dev.concert.ensemble.provider.upstream;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Joins characters of two UTF-16 units that a server has split over two pieces: alone, neither half
 * can be written in UTF-8. Not thread-safe.
 */
final class SurrogatePairs implements Consumer<Block> {
  private final Consumer<Block> sink;
  private Optional<Half> open = Optional.empty();

  /**
   * The first half of a character, kept back until the next piece.
   *
   * @param stream where it belongs
   */
  private record Half(String stream, String unit, Function<String, Block> piece) {}

  SurrogatePairs(Consumer<Block> sink) {
    this.sink = sink;
  }

  @Override
  public void accept(Block block) {
    switch (block) {
      case TextBlock text when text.opaque() == null -> piece("text", text.text(), TextBlock::new);
      case ThinkingBlock thought when thought.signature() == null && thought.opaque() == null ->
          piece("thinking", thought.text(), ThinkingBlock::new);
      case ToolCallDelta delta -> {
        String id = delta.call().id();
        piece("call " + id, delta.call().rawArguments(), text -> new ToolCallDelta(id, text));
      }
      case Block other -> {
        release();
        sink.accept(other);
      }
    }
  }

  private void piece(String stream, String text, Function<String, Block> piece) {
    if (open.filter(half -> !half.stream().equals(stream)).isPresent()) {
      release();
    }
    String whole = open.map(Half::unit).orElse("") + text;
    open = Optional.empty();
    int end = whole.length();
    if (end > 0 && Character.isHighSurrogate(whole.charAt(end - 1))) {
      end--;
      open = Optional.of(new Half(stream, whole.substring(end), piece));
    }
    // An empty piece is passed on as it came.
    if (end > 0 || open.isEmpty()) {
      sink.accept(piece.apply(whole.substring(0, end)));
    }
  }

  /** Its other half does not come. */
  private void release() {
    open.ifPresent(half -> sink.accept(half.piece().apply(half.unit())));
    open = Optional.empty();
  }
}
