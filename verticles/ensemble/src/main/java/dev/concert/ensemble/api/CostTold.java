package dev.concert.ensemble.api;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.stream.AnswerSink;
import dev.concert.error.Problem;
import io.vertx.core.http.HttpServerResponse;

/**
 * Tells what an answer has cost, whichever vendor's form it has: as a header of one in one piece,
 * as a trailer of a stream.
 *
 * @param answer where the answer goes
 */
record CostTold(HttpServerResponse response, AnswerSink answer) implements AnswerSink {
  /** US dollars, exact, as a plain decimal. */
  static final String NAME = "x-ensemble-cost";

  @Override
  public void block(Block block) {
    answer.block(block);
  }

  @Override
  public void done(InferenceResponse whole) {
    if (!response.closed()) {
      if (response.headWritten()) {
        response.putTrailer(NAME, whole.cost());
      } else {
        response.putHeader(NAME, whole.cost());
      }
    }
    answer.done(whole);
  }

  @Override
  public void failed(Problem problem) {
    answer.failed(problem);
  }

  @Override
  public boolean full() {
    return answer.full();
  }

  @Override
  public void whenDrained(Runnable action) {
    answer.whenDrained(action);
  }
}
