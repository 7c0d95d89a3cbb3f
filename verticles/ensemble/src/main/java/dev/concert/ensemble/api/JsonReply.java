package dev.concert.ensemble.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.bus.Json;
import dev.concert.error.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** Writes records as JSON over HTTP. */
public final class JsonReply {
  private JsonReply() {}

  public static void send(HttpServerResponse response, int status, Object body) {
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(encode(body));
  }

  /** An HTTP error, with {@code Retry-After} in whole seconds where a time is known. */
  public static void fail(HttpServerResponse response, Problem problem) {
    if (problem.retryAfterMs() > 0) {
      response.putHeader(
          HttpHeaders.RETRY_AFTER, Long.toString(Math.ceilDiv(problem.retryAfterMs(), 1000)));
    }
    send(response, problem.code().httpStatus(), new ErrorBody.Envelope(ErrorBody.of(problem)));
  }

  static Buffer encode(Object body) {
    try {
      return Buffer.buffer(Json.MAPPER.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A record of ours cannot be written: " + body.getClass(), e);
    }
  }
}
