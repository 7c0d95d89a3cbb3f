package dev.concert.ensemble.api;

import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.ensemble.stream.AnswerSink;
import dev.concert.error.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/**
 * An answer as server-sent events ({@code block}, then {@code done} or {@code error}).
 *
 * <p>The response begins with the first block: a failure before it is an ordinary HTTP error. Only
 * where a model is silent for long does it begin sooner, with a comment, so that neither the client
 * nor a proxy on the way takes a model that thinks for a dead connection.
 *
 * <p>Not thread-safe: lives on the context of its request.
 *
 * <p>Format: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
final class SseAnswer implements AnswerSink {
  static final Duration HEARTBEAT = Duration.ofSeconds(20);

  private final Vertx vertx;
  private final HttpServerResponse response;
  private final long heartbeat;
  private long count;
  private boolean silent = true;

  SseAnswer(Vertx vertx, HttpServerResponse response, Duration interval) {
    this(vertx, response, interval, 0);
  }

  /**
   * @param after how many blocks the client has seen before
   */
  SseAnswer(Vertx vertx, HttpServerResponse response, Duration interval, long after) {
    this.count = after;
    this.vertx = vertx;
    this.response = response;
    this.heartbeat = vertx.setPeriodic(interval.toMillis(), timer -> beat());
  }

  @Override
  public void block(Block block) {
    silent = false;
    begin();
    response.write(block(++count, JsonReply.encode(block)));
  }

  @Override
  public void done(InferenceResponse whole) {
    vertx.cancelTimer(heartbeat);
    if (response.closed()) {
      return;
    }
    begin();
    response.end(event("done", JsonReply.encode(whole)));
  }

  @Override
  public void failed(Problem problem) {
    vertx.cancelTimer(heartbeat);
    if (response.closed()) {
      return;
    }
    if (response.headWritten()) {
      response.end(event("error", JsonReply.encode(ErrorBody.of(problem))));
    } else {
      JsonReply.fail(response, problem);
    }
  }

  @Override
  public boolean full() {
    return response.writeQueueFull();
  }

  @Override
  public void whenDrained(Runnable action) {
    response.drainHandler(drained -> action.run());
  }

  private void beat() {
    if (response.closed() || response.ended()) {
      vertx.cancelTimer(heartbeat);
    } else if (silent && !response.writeQueueFull()) {
      begin();
      response.write(": still working\n\n");
    }
    silent = true;
  }

  private void begin() {
    begin(response);
  }

  static void begin(HttpServerResponse response) {
    if (!response.headWritten()) {
      response
          .setChunked(true)
          .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
          .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
          // Without this nginx collects the stream before it passes it on.
          .putHeader("X-Accel-Buffering", "no");
    }
  }

  /**
   * A block as an event; a client that has lost the connection asks for those after its id.
   *
   * @param id counts the blocks of the answer, from 1
   */
  static Buffer block(long id, Buffer json) {
    return event("block\nid: " + id, json);
  }

  /** JSON has no raw line break, so one data line holds it. */
  static Buffer event(String name, Buffer json) {
    return Buffer.buffer("event: " + name + "\ndata: ").appendBuffer(json).appendString("\n\n");
  }
}
