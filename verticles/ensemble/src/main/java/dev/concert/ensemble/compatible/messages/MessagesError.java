package dev.concert.ensemble.compatible.messages;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.compatible.VendorReply;
import dev.concert.ensemble.http.HttpAdvice;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.vertx.core.http.HttpServerResponse;

/** Errors in Anthropic's format: https://platform.claude.com/docs/en/api/errors. */
final class MessagesError {
  private static final int OVERLOADED = 529;

  private MessagesError() {}

  static void refuse(HttpServerResponse response, String requestId, Problem problem) {
    ObjectNode body = body(problem).put("request_id", requestId);
    VendorReply.refuse(response, status(problem.code()), problem, body);
  }

  static ObjectNode body(Problem problem) {
    ObjectNode body = VendorJson.newObject().put("type", "error");
    body.putObject("error")
        .put("type", type(problem.code()))
        .put("message", HttpAdvice.sentence(problem));
    return body;
  }

  private static int status(ErrorCode code) {
    return code == ErrorCode.PROVIDER_OVERLOADED ? OVERLOADED : code.httpStatus();
  }

  private static String type(ErrorCode code) {
    return switch (code) {
      case PROVIDER_OVERLOADED -> "overloaded_error";
      case TIMEOUT -> "timeout_error";
      case INSUFFICIENT_CREDITS, BUDGET_EXCEEDED -> "billing_error";
      default ->
          switch (code.httpStatus()) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            default -> code.httpStatus() < 500 ? "invalid_request_error" : "api_error";
          };
    };
  }
}
