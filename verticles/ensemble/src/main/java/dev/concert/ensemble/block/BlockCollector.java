package dev.concert.ensemble.block;

import java.util.ArrayList;
import java.util.List;

/**
 * Merges the pieces of a stream into the blocks of the whole answer: text, thinking and tool calls.
 *
 * <p>Not thread-safe: one stream, one event loop.
 */
public final class BlockCollector {
  private final List<Block> merged = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thinking = new StringBuilder();
  private long characters;

  public void add(Block block) {
    switch (block) {
      case TextBlock piece -> {
        closeThinking(null);
        text.append(piece.text());
        characters += piece.text().length();
      }
      case ThinkingBlock piece -> {
        closeText();
        thinking.append(piece.text());
        characters += piece.text().length();
        if (piece.signature() != null || piece.opaque() != null) {
          closeThinking(piece);
        }
      }
      case ToolCallStart start -> characters += start.call().name().length();
      case ToolCallDelta delta -> characters += delta.call().rawArguments().length();
      case ToolCallBlock call -> {
        closeThinking(null);
        closeText();
        merged.add(call);
      }
    }
  }

  /** Everything collected so far; the collector may go on afterwards. */
  public List<Block> blocks() {
    closeThinking(null);
    closeText();
    return List.copyOf(merged);
  }

  /** Characters the model has written so far: the base of an estimate. */
  public long characters() {
    return characters;
  }

  private void closeText() {
    if (!text.isEmpty()) {
      merged.add(new TextBlock(text.toString()));
      text.setLength(0);
    }
  }

  /** A signature ends its block: what follows is another one with a signature of its own. */
  private void closeThinking(ThinkingBlock signed) {
    if (signed != null) {
      merged.add(new ThinkingBlock(thinking.toString(), signed.signature(), signed.opaque()));
    } else if (!thinking.isEmpty()) {
      merged.add(new ThinkingBlock(thinking.toString()));
    }
    thinking.setLength(0);
  }
}
