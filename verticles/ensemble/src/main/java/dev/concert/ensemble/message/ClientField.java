package dev.concert.ensemble.message;

import dev.concert.error.ConcertException;
import dev.concert.error.Problem;

/**
 * Marks the path of a field, at the beginning of a problem's message, as one in the client's own
 * body. Other paths are native and are translated before the client sees them.
 */
public final class ClientField {
  private static final String MARK = "body.";

  private ClientField() {}

  public static String of(String path) {
    return MARK + path;
  }

  public static boolean isIn(Problem problem) {
    return problem.message().startsWith(MARK);
  }

  /** The problem as the client may see it. */
  public static Problem withoutMark(Problem problem) {
    return isIn(problem)
        ? new Problem(
            problem.code(),
            problem.message().substring(MARK.length()),
            problem.retryAfterMs(),
            problem.service(),
            problem.details())
        : problem;
  }

  public static ConcertException withoutMark(ConcertException refused) {
    return isIn(refused.problem()) ? withoutMark(refused.problem()).toException() : refused;
  }
}
