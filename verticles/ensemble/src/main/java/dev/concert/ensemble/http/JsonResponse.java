package dev.concert.ensemble.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.error.Problem;
import dev.concert.json.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** Sends records as JSON over HTTP. */
public final class JsonResponse {
  private JsonResponse() {}

  public static void send(HttpServerResponse response, int status, Object body) {
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(encode(body));
  }

  /** Sends an HTTP error, with {@code Retry-After} in whole seconds if a time is known. */
  public static void fail(HttpServerResponse response, Problem problem) {
    if (problem.retryAfterMs() > 0) {
      response.putHeader(
          HttpHeaders.RETRY_AFTER, Long.toString(Math.ceilDiv(problem.retryAfterMs(), 1000)));
    }
    send(response, problem.code().httpStatus(), new ErrorBody.Envelope(ErrorBody.of(problem)));
  }

  /** A record of ours as JSON. */
  public static Buffer encode(Object body) {
    try {
      return Buffer.buffer(Json.MAPPER.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot encode the record: " + body.getClass(), e);
    }
  }
}
