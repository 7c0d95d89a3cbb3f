package dev.concert.ensemble.guardrail;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import dev.concert.ensemble.block.ToolCallStart;
import dev.concert.error.ConcertException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Checks an answer by patterns while it streams. Tool calls come whole. */
final class StreamedAnswer implements AnswerGuard {
  private final List<HeldText> text;
  private final List<HeldText> thinking;

  /**
   * @param guardrails in their order
   */
  StreamedAnswer(List<PatternGuardrail> guardrails) {
    this.text = guardrails.stream().map(HeldText::new).toList();
    this.thinking = guardrails.stream().map(HeldText::new).toList();
  }

  @Override
  public List<Block> pass(Block block) {
    List<Block> passed = new ArrayList<>();
    switch (block) {
      case TextBlock piece -> {
        endThinking(passed);
        text(piece, passed);
      }
      case ThinkingBlock piece -> {
        endText(passed);
        thinking(piece, passed);
      }
      case ToolCallStart _, ToolCallDelta _ -> {
        // The whole call follows.
      }
      case ToolCallBlock call -> {
        endBoth(passed);
        passed.add(checked(call));
      }
      case OpaqueBlock opaque -> {
        endBoth(passed);
        passed.add(opaque);
      }
    }
    return passed;
  }

  @Override
  public Future<List<Block>> rest() {
    List<Block> passed = new ArrayList<>();
    try {
      endBoth(passed);
    } catch (ConcertException blocked) {
      return Future.failedFuture(blocked);
    }
    return Future.succeededFuture(passed);
  }

  private void text(TextBlock piece, List<Block> passed) {
    if (piece.opaque() == null) {
      addText(added(text, piece.text()), passed);
    } else {
      passed.add(new TextBlock(ended(text, piece.text()), piece.opaque()));
    }
  }

  /** A signature is of the vendor's own words only. */
  private void thinking(ThinkingBlock piece, List<Block> passed) {
    if (piece.signature() == null && piece.opaque() == null) {
      String now = added(thinking, piece.text());
      if (!now.isEmpty()) {
        passed.add(new ThinkingBlock(now));
      }
      return;
    }
    String last = ended(thinking, piece.text());
    passed.add(
        changed(thinking)
            ? new ThinkingBlock(last)
            : new ThinkingBlock(last, piece.signature(), piece.opaque()));
  }

  private void endBoth(List<Block> passed) {
    endThinking(passed);
    endText(passed);
  }

  private void endText(List<Block> passed) {
    addText(ended(text, ""), passed);
  }

  private void endThinking(List<Block> passed) {
    String last = ended(thinking, "");
    if (!last.isEmpty()) {
      passed.add(new ThinkingBlock(last));
    }
    changed(thinking);
  }

  private static void addText(String text, List<Block> passed) {
    if (!text.isEmpty()) {
      passed.add(new TextBlock(text));
    }
  }

  private static String added(List<HeldText> held, String piece) {
    String now = piece;
    for (HeldText one : held) {
      now = one.add(now);
    }
    return now;
  }

  private static String ended(List<HeldText> held, String piece) {
    String now = piece;
    for (HeldText one : held) {
      now = one.end(now);
    }
    return now;
  }

  private static boolean changed(List<HeldText> held) {
    return held.stream().map(HeldText::changed).reduce(false, Boolean::logicalOr);
  }

  /** Its arguments are a text of their own. */
  private ToolCallBlock checked(ToolCallBlock block) {
    ToolCall call = block.call();
    String arguments = ended(text, call.argumentsText());
    return changed(text)
        ? new ToolCallBlock(ToolCall.ofText(call.id(), call.name(), arguments), block.opaque())
        : block;
  }
}
