package dev.concert.ensemble.api;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever went wrong in a route into an HTTP error with a code. */
public final class Failures implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  @Override
  public void handle(RoutingContext context) {
    known(context).ifPresent(problem -> JsonReply.fail(context.response(), problem));
  }

  /** What went wrong, logged where nobody foresaw it; empty when nobody can be told any more. */
  static Optional<Problem> known(RoutingContext context) {
    if (context.response().ended() || context.response().closed()) {
      return Optional.empty();
    }
    Problem problem = problem(context);
    if (problem.code() == ErrorCode.INTERNAL) {
      LOG.error("Request {} failed", RequestId.of(context), context.failure());
    }
    return Optional.of(problem);
  }

  private static Problem problem(RoutingContext context) {
    return switch (context.failure()) {
      case ConcertException known -> known.problem();
      case null, default ->
          switch (context.statusCode()) {
            case 413 -> new Problem(ErrorCode.MESSAGE_TOO_LARGE, "The body is over 32 MiB.");
            case 400 -> new Problem(ErrorCode.INVALID_MESSAGE, "The request is malformed.");
            default -> new Problem(ErrorCode.INTERNAL, "Something went wrong inside Ensemble.");
          };
    };
  }
}
