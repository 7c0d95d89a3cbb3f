package dev.concert.ensemble.guardrail;

import dev.concert.ensemble.block.Block;
import io.vertx.core.Future;
import java.util.List;

/** Checks an answer while it comes. Not thread-safe: one answer, one event loop. */
interface AnswerGuard {

  /**
   * Takes a block, and returns those that may go on now.
   *
   * @throws dev.concert.error.ConcertException {@code GUARDRAIL_BLOCKED}
   */
  List<Block> pass(Block block);

  /** What was held back, once the answer is complete; fails with {@code GUARDRAIL_BLOCKED}. */
  Future<List<Block>> rest();
}
