package dev.concert.ensemble.compatible;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.ExactJson;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/**
 * Writes server-sent events, the first of which begins the response. Where a model is silent for
 * long, a comment says that the connection lives. Not thread-safe: lives on its request's context.
 */
public final class EventStream {
  private static final Duration HEARTBEAT = Duration.ofSeconds(20);

  private final Exchange exchange;
  private final HttpServerResponse response;
  private final long heartbeat;
  private boolean silent = true;

  public EventStream(Exchange exchange) {
    this.exchange = exchange;
    this.response = exchange.response();
    this.heartbeat = exchange.vertx().setPeriodic(HEARTBEAT.toMillis(), timer -> beat());
  }

  /** Whether anything was sent, so that a failure can no longer be an HTTP error. */
  public boolean begun() {
    return response.headWritten();
  }

  public void event(String name, JsonNode data) {
    write("event: " + name + "\ndata: " + ExactJson.text(data) + "\n\n");
  }

  public void data(JsonNode data) {
    write("data: " + ExactJson.text(data) + "\n\n");
  }

  public void text(String data) {
    write("data: " + data + "\n\n");
  }

  public void end() {
    stop();
    if (!response.closed()) {
      begin();
      response.end();
    }
  }

  /** Nothing more is written; the response belongs to somebody else now. */
  public void stop() {
    exchange.vertx().cancelTimer(heartbeat);
  }

  public boolean full() {
    return response.writeQueueFull();
  }

  public void whenDrained(Runnable action) {
    response.drainHandler(drained -> action.run());
  }

  private void write(String text) {
    if (!response.closed()) {
      silent = false;
      begin();
      response.write(text);
    }
  }

  private void beat() {
    if (response.closed() || response.ended()) {
      stop();
    } else if (silent && !response.writeQueueFull()) {
      begin();
      response.write(": still working\n\n");
    }
    silent = true;
  }

  private void begin() {
    if (!response.headWritten()) {
      response
          .setChunked(true)
          .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream; charset=utf-8")
          .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
          .putHeader("X-Accel-Buffering", "no");
    }
  }
}
