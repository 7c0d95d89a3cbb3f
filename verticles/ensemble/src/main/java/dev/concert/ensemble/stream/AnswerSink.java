package dev.concert.ensemble.stream;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.error.Problem;

/**
 * Where an answer goes to. Called on one context: any number of blocks, then exactly one of {@link
 * #done} and {@link #failed}, unless the client has gone away.
 */
public interface AnswerSink {

  void block(Block block);

  void done(InferenceResponse response);

  void failed(Problem problem);

  /** True when more blocks would pile up in memory. */
  boolean full();

  /**
   * The client is gone. True where the answer is wanted nevertheless; then the rest of it is taken,
   * and it is never {@link #full} again.
   */
  default boolean outlivesClient() {
    return false;
  }

  /** Runs the action once when it is no longer {@link #full}. */
  void whenDrained(Runnable action);
}
