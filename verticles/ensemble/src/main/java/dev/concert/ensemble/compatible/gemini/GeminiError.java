package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.http.HttpAdvice;
import dev.concert.error.Problem;
import io.vertx.core.http.HttpServerResponse;

/**
 * Errors in Google's format: https://cloud.google.com/apis/design/errors. The code of the house is
 * the {@code reason} of an {@code ErrorInfo}.
 */
final class GeminiError {
  private GeminiError() {}

  static void refuse(HttpServerResponse response, Problem problem) {
    VendorReply.refuse(response, problem.code().httpStatus(), problem, body(problem));
  }

  static ObjectNode body(Problem problem) {
    int status = problem.code().httpStatus();
    ObjectNode body = VendorJson.newObject();
    ObjectNode error =
        body.putObject("error")
            .put("code", status)
            .put("message", HttpAdvice.sentence(problem))
            .put("status", word(status));
    ArrayNode details = error.putArray("details");
    details
        .addObject()
        .put("@type", "type.googleapis.com/google.rpc.ErrorInfo")
        .put("reason", problem.code().name())
        .put("domain", "ensemble");
    if (problem.retryAfterMs() > 0) {
      details
          .addObject()
          .put("@type", "type.googleapis.com/google.rpc.RetryInfo")
          .put("retryDelay", Math.ceilDiv(problem.retryAfterMs(), 1000) + "s");
    }
    return body;
  }

  /** The canonical code of an HTTP status. */
  private static String word(int status) {
    return switch (status) {
      case 401 -> "UNAUTHENTICATED";
      case 402, 412 -> "FAILED_PRECONDITION";
      case 403 -> "PERMISSION_DENIED";
      case 404 -> "NOT_FOUND";
      case 405, 501 -> "UNIMPLEMENTED";
      case 409 -> "ABORTED";
      case 429 -> "RESOURCE_EXHAUSTED";
      case 502, 503 -> "UNAVAILABLE";
      case 504 -> "DEADLINE_EXCEEDED";
      default -> status < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
    };
  }
}
