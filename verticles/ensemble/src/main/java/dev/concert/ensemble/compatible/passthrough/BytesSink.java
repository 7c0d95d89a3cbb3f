package dev.concert.ensemble.compatible.passthrough;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.compatible.HttpExchange;
import dev.concert.ensemble.compatible.OpenAiError;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.error.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/**
 * Sends an answer as it comes, byte by byte. Not thread-safe: lives on its request's context.
 *
 * @param exchange where it goes
 */
record BytesSink(HttpExchange exchange) implements ResponseSink {
  @Override
  public void block(Block block) {
    // There are none.
  }

  @Override
  public void relayBytes(String contentType, Buffer piece) {
    HttpServerResponse response = exchange.response();
    if (response.closed()) {
      return;
    }
    if (!response.headWritten()) {
      response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    }
    response.write(piece);
  }

  @Override
  public void done(InferenceResponse answer) {
    if (!exchange.response().closed()) {
      exchange.response().end();
    }
  }

  /** An answer that has begun is cut, so that its client does not take it for a whole one. */
  @Override
  public void failed(Problem problem) {
    HttpServerResponse response = exchange.response();
    if (response.closed()) {
      return;
    }
    if (response.headWritten()) {
      response.reset();
    } else {
      OpenAiError.refuse(response, problem);
    }
  }

  @Override
  public boolean full() {
    return !exchange.response().closed() && exchange.response().writeQueueFull();
  }

  @Override
  public void whenDrained(Runnable action) {
    exchange.response().drainHandler(drained -> action.run());
  }
}
