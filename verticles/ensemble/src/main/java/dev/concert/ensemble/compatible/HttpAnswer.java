package dev.concert.ensemble.compatible;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.error.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** Answers in one piece. */
public final class HttpAnswer {
  private HttpAnswer() {}

  public static void send(HttpServerResponse response, int status, JsonNode body) {
    if (!response.closed()) {
      response
          .setStatusCode(status)
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
          .end(ExactJson.text(body));
    }
  }

  /** An HTTP error, with {@code Retry-After} in whole seconds where a time is known. */
  public static void refuse(
      HttpServerResponse response, int status, Problem problem, JsonNode body) {
    if (problem.retryAfterMs() > 0) {
      response.putHeader(
          HttpHeaders.RETRY_AFTER, Long.toString(Math.ceilDiv(problem.retryAfterMs(), 1000)));
    }
    send(response, status, body);
  }
}
