package dev.concert.ensemble.compatible;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.http.HttpAdvice;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.vertx.core.http.HttpServerResponse;

/** Errors in OpenAI's format: https://platform.openai.com/docs/guides/error-codes. */
public final class OpenAiError {
  private OpenAiError() {}

  public static void refuse(HttpServerResponse response, Problem problem) {
    VendorReply.refuse(response, problem.code().httpStatus(), problem, body(problem));
  }

  public static ObjectNode body(Problem problem) {
    ObjectNode body = VendorJson.newObject();
    body.putObject("error")
        .put("message", HttpAdvice.sentence(problem))
        .put("type", type(problem.code()))
        .put("param", FieldNames.of(problem).isEmpty() ? null : FieldNames.of(problem))
        .put("code", code(problem.code()));
    return body;
  }

  private static String type(ErrorCode code) {
    return switch (code) {
      case AUTH_FAILED, UNAUTHENTICATED -> "authentication_error";
      case FORBIDDEN -> "permission_error";
      case RATE_LIMITED, AUTH_RATE_LIMITED, PROVIDER_RATE_LIMITED -> "rate_limit_error";
      case INSUFFICIENT_CREDITS, BUDGET_EXCEEDED -> "insufficient_quota";
      default -> code.httpStatus() < 500 ? "invalid_request_error" : "server_error";
    };
  }

  /** OpenAI's code for an error. */
  public static String code(ErrorCode code) {
    return switch (code) {
      case AUTH_FAILED, UNAUTHENTICATED -> "invalid_api_key";
      case MODEL_UNKNOWN -> "model_not_found";
      case CONTEXT_TOO_LONG -> "context_length_exceeded";
      case PROVIDER_BLOCKED -> "content_policy_violation";
      case RATE_LIMITED, AUTH_RATE_LIMITED, PROVIDER_RATE_LIMITED -> "rate_limit_exceeded";
      case INSUFFICIENT_CREDITS, BUDGET_EXCEEDED -> "insufficient_quota";
      default -> code.name().toLowerCase(java.util.Locale.ROOT);
    };
  }
}
