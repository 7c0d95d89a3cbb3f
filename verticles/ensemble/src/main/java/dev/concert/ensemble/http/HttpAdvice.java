package dev.concert.ensemble.http;

import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;

/** What a client of a model API can do next; the advice of a code speaks to other clients. */
public final class HttpAdvice {
  private HttpAdvice() {}

  public static String of(ErrorCode code) {
    return switch (code) {
      case INVALID_JSON -> "Send one JSON object.";
      case INVALID_MESSAGE -> "Correct the named field and send the request again.";
      case MESSAGE_TOO_LARGE -> "Send less at once.";
      case UNAUTHENTICATED, AUTH_FAILED -> "Send a valid key of Ensemble with the request.";
      case FORBIDDEN -> "Use a key that may do this, or ask who runs this server.";
      default -> code.advice();
    };
  }

  /** The message and what to do next, as one text for a person. */
  public static String sentence(Problem problem) {
    return problem.message() + " " + of(problem.code());
  }
}
