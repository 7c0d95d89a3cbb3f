package dev.concert.ensemble.demo;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import dev.concert.ensemble.block.ToolCallStart;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Splits an answer into blocks as a model would stream them: words, and pieces of arguments. */
final class BlockSplitter {
  private static final Pattern WORDS = Pattern.compile("\\s*\\S+\\s*");
  private static final int ARGUMENT_PIECE = 24;

  private BlockSplitter() {}

  static List<Block> of(AnswerPlan plan) {
    List<Block> blocks = new ArrayList<>();
    words(plan.thinking()).forEach(word -> blocks.add(new ThinkingBlock(word)));
    words(plan.text()).forEach(word -> blocks.add(new TextBlock(word)));
    for (ToolCall call : plan.calls()) {
      blocks.add(new ToolCallStart(call.id(), call.name()));
      bits(call.rawArguments()).forEach(bit -> blocks.add(new ToolCallDelta(call.id(), bit)));
      blocks.add(new ToolCallBlock(call));
    }
    return blocks;
  }

  private static List<String> words(String text) {
    return WORDS.matcher(text).results().map(MatchResult::group).toList();
  }

  private static List<String> bits(String text) {
    List<String> bits = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = Math.min(start + ARGUMENT_PIECE, text.length());
      if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
        end++;
      }
      bits.add(text.substring(start, end));
      start = end;
    }
    return bits;
  }
}
