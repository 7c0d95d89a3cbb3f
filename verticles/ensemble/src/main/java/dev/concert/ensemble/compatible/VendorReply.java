package dev.concert.ensemble.compatible;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.provider.VendorRefusal;
import dev.concert.error.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** Sends whole JSON responses in a vendor's format. */
public final class VendorReply {
  private VendorReply() {}

  public static void send(HttpServerResponse response, int status, JsonNode body) {
    if (!response.closed()) {
      response
          .setStatusCode(status)
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
          .end(ExactJson.text(body));
    }
  }

  /** Sends what a vendor with the client's own API has said. */
  public static void refuse(HttpServerResponse response, VendorRefusal theirs) {
    send(response, theirs.status(), theirs.body());
  }

  /** Sends an HTTP error, with {@code Retry-After} in whole seconds if a time is known. */
  public static void refuse(
      HttpServerResponse response, int status, Problem problem, JsonNode body) {
    if (problem.retryAfterMs() > 0) {
      response.putHeader(
          HttpHeaders.RETRY_AFTER, Long.toString(Math.ceilDiv(problem.retryAfterMs(), 1000)));
    }
    send(response, status, body);
  }
}
