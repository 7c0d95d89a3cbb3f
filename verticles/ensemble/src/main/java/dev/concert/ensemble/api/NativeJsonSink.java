package dev.concert.ensemble.api;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.http.JsonResponse;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.error.Problem;
import io.vertx.core.http.HttpServerResponse;

/** Sends a whole response. The call itself collects the blocks. */
final class NativeJsonSink implements ResponseSink {
  private final HttpServerResponse response;

  NativeJsonSink(HttpServerResponse response) {
    this.response = response;
  }

  @Override
  public void block(Block block) {
    // Sent at the end.
  }

  @Override
  public void done(InferenceResponse whole) {
    if (!response.closed()) {
      JsonResponse.send(response, 200, whole);
    }
  }

  @Override
  public void failed(Problem problem) {
    if (!response.closed()) {
      JsonResponse.fail(response, problem);
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
