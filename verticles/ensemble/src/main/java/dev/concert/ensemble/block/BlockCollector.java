package dev.concert.ensemble.block;

import java.util.ArrayList;
import java.util.List;

/**
 * Merges the pieces of a stream into the blocks of the whole answer: text, thinking, tool calls and
 * opaque blocks.
 *
 * <p>Not thread-safe: one stream, one event loop.
 */
public final class BlockCollector {
  private final List<Block> merged = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thinking = new StringBuilder();
  private long weight;

  public void add(Block block) {
    switch (block) {
      case TextBlock piece -> {
        closeThinking();
        text.append(piece.text());
        weight += TextTokens.weight(piece.text());
        if (piece.opaque() != null) {
          closeText(piece.opaque());
        }
      }
      case ThinkingBlock piece -> {
        closeText(null);
        thinking.append(piece.text());
        weight += TextTokens.weight(piece.text());
        if (piece.signature() != null || piece.opaque() != null) {
          // A signature ends its block: what follows is another one with a signature of its own.
          closeThinking(piece);
        }
      }
      case ToolCallStart start -> weight += TextTokens.weight(start.call().name());
      case ToolCallDelta delta -> weight += TextTokens.weight(delta.call().rawArguments());
      case ToolCallBlock call -> whole(call);
      case OpaqueBlock opaque -> whole(opaque);
    }
  }

  /** All blocks so far; the collector can go on afterwards. */
  public List<Block> blocks() {
    closeThinking();
    closeText(null);
    return List.copyOf(merged);
  }

  /** An estimate of the tokens that the model has written so far. */
  public long estimatedTokens() {
    return TextTokens.tokens(weight);
  }

  private void whole(Block block) {
    closeThinking();
    closeText(null);
    merged.add(block);
  }

  private void closeText(Opaque opaque) {
    boolean onlyAnEnd = opaque == null || opaque.isOnlyEnd();
    if (!text.isEmpty() || !onlyAnEnd) {
      merged.add(new TextBlock(taken(text), onlyAnEnd ? null : opaque));
    }
  }

  private void closeThinking() {
    if (!thinking.isEmpty()) {
      merged.add(new ThinkingBlock(taken(thinking)));
    }
  }

  private void closeThinking(ThinkingBlock last) {
    boolean onlyAnEnd = last.opaque() == null || last.opaque().isOnlyEnd();
    if (!thinking.isEmpty() || last.signature() != null || !onlyAnEnd) {
      merged.add(
          new ThinkingBlock(taken(thinking), last.signature(), onlyAnEnd ? null : last.opaque()));
    }
  }

  private static String taken(StringBuilder from) {
    String whole = from.toString();
    from.setLength(0);
    return whole;
  }
}
