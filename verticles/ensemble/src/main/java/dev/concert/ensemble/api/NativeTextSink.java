package dev.concert.ensemble.api;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.http.JsonResponse;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.error.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/**
 * Sends the text of an answer as it comes, without thinking and tool calls. An answer that fails
 * after it has begun is cut, so that its client does not take it for a whole one.
 *
 * <p>Not thread-safe: lives on the context of its request.
 */
final class NativeTextSink implements ResponseSink {
  private final HttpServerResponse response;

  NativeTextSink(HttpServerResponse response) {
    this.response = response;
  }

  @Override
  public void block(Block block) {
    if (block instanceof TextBlock piece && !response.closed()) {
      start();
      response.write(piece.text());
    }
  }

  @Override
  public void done(InferenceResponse whole) {
    if (!response.closed()) {
      start();
      response.end();
    }
  }

  @Override
  public void failed(Problem problem) {
    if (response.closed()) {
      return;
    }
    if (response.headWritten()) {
      response.reset();
    } else {
      JsonResponse.fail(response, problem);
    }
  }

  @Override
  public boolean full() {
    return !response.closed() && response.writeQueueFull();
  }

  @Override
  public void whenDrained(Runnable action) {
    response.drainHandler(drained -> action.run());
  }

  private void start() {
    if (!response.headWritten()) {
      response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8");
    }
  }
}
