package dev.concert.ensemble.api;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.stream.AnswerSink;
import dev.concert.error.Problem;
import io.vertx.core.http.HttpServerResponse;

/** An answer in one piece. The blocks are collected by the call itself. */
final class WholeAnswer implements AnswerSink {
  private final HttpServerResponse response;

  WholeAnswer(HttpServerResponse response) {
    this.response = response;
  }

  @Override
  public void block(Block block) {
    // Nothing is sent before the end.
  }

  @Override
  public void done(InferenceResponse whole) {
    if (!response.closed()) {
      JsonReply.send(response, 200, whole);
    }
  }

  @Override
  public void failed(Problem problem) {
    if (!response.closed()) {
      JsonReply.fail(response, problem);
    }
  }

  @Override
  public boolean full() {
    return false;
  }

  @Override
  public void whenDrained(Runnable action) {
    action.run();
  }
}
