package dev.concert.ensemble.api;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.call.ResponseSink;
import dev.concert.ensemble.http.ErrorBody;
import dev.concert.ensemble.http.JsonResponse;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.error.Problem;
import dev.concert.foundation.http.SseResponse;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/**
 * Sends a response as server-sent events ({@code block}, then {@code done} or {@code error}). A
 * failure before the first block is an ordinary HTTP error.
 *
 * <p>Not thread-safe: lives on the context of its request.
 */
final class NativeSseSink implements ResponseSink {
  private final HttpServerResponse response;
  private final SseResponse events;
  private long count;

  NativeSseSink(Vertx vertx, HttpServerResponse response, Duration heartbeat) {
    this(vertx, response, heartbeat, 0);
  }

  /**
   * @param after the number of blocks that the client has already seen
   */
  NativeSseSink(Vertx vertx, HttpServerResponse response, Duration heartbeat, long after) {
    this.count = after;
    this.response = response;
    this.events = new SseResponse(vertx, response, SseResponse.MEDIA_TYPE, heartbeat);
  }

  /** A client that lost the connection resumes behind the id. */
  @Override
  public void block(Block block) {
    events.write(SseResponse.bytes("block", ++count, JsonResponse.encode(block)));
  }

  @Override
  public void done(InferenceResponse whole) {
    events.end(SseResponse.bytes("done", JsonResponse.encode(whole)));
  }

  @Override
  public void failed(Problem problem) {
    if (events.started()) {
      events.end(SseResponse.bytes("error", JsonResponse.encode(ErrorBody.of(problem))));
    } else {
      events.stop();
      if (!response.closed()) {
        JsonResponse.fail(response, problem);
      }
    }
  }

  @Override
  public boolean full() {
    return events.full();
  }

  @Override
  public void whenDrained(Runnable action) {
    events.whenDrained(action);
  }
}
