package dev.concert.ensemble.guardrail;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.BlockCollector;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.block.ToolCallBlock;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Checks an answer when all of it is there: nothing goes on before. */
final class WholeAnswer implements AnswerGuard {
  private final BlockCollector collected = new BlockCollector();
  private final Function<List<String>, Future<List<String>>> checks;

  /**
   * @param checks all guardrails
   */
  WholeAnswer(Function<List<String>, Future<List<String>>> checks) {
    this.checks = checks;
  }

  @Override
  public List<Block> pass(Block block) {
    collected.add(block);
    return List.of();
  }

  @Override
  public Future<List<Block>> rest() {
    List<Block> blocks = collected.blocks();
    List<String> texts = blocks.stream().flatMap(block -> text(block).stream()).toList();
    return checks.apply(texts).map(checked -> replaced(blocks, texts, checked));
  }

  private static Optional<String> text(Block block) {
    return switch (block) {
      case TextBlock text -> Optional.of(text.text());
      case ThinkingBlock thinking -> Optional.of(thinking.text());
      case ToolCallBlock call -> Optional.of(call.call().argumentsText());
      default -> Optional.empty();
    };
  }

  private static List<Block> replaced(
      List<Block> blocks, List<String> texts, List<String> checked) {
    List<Block> all = new ArrayList<>();
    int next = 0;
    for (Block block : blocks) {
      boolean hasText = text(block).isPresent();
      boolean same = !hasText || texts.get(next).equals(checked.get(next));
      all.add(same ? block : with(block, checked.get(next)));
      next += hasText ? 1 : 0;
    }
    return all;
  }

  /** A signature is of the vendor's own words only. */
  private static Block with(Block block, String text) {
    return switch (block) {
      case TextBlock own -> new TextBlock(text, own.opaque());
      case ThinkingBlock _ -> new ThinkingBlock(text);
      case ToolCallBlock own ->
          new ToolCallBlock(
              ToolCall.ofText(own.call().id(), own.call().name(), text), own.opaque());
      default -> block;
    };
  }
}
