package dev.concert.ensemble.compatible;

import dev.concert.foundation.http.SseResponse;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;

/** The HTTP exchange that a response is written to. */
public record HttpExchange(Vertx vertx, HttpServerResponse response, String requestId) {

  /** Begins a stream of events as the vendors send them. */
  public SseResponse events() {
    return new SseResponse(
        vertx, response, SseResponse.MEDIA_TYPE_UTF_8, SseResponse.DEFAULT_HEARTBEAT);
  }
}
