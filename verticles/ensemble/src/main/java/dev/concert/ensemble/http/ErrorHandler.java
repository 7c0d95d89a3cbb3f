package dev.concert.ensemble.http;

import dev.concert.error.ConcertException;
import dev.concert.error.DiskFailure;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns any failure of a route into an HTTP error with a code. */
public final class ErrorHandler implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorHandler.class);

  @Override
  public void handle(RoutingContext context) {
    known(context).ifPresent(problem -> JsonResponse.fail(context.response(), problem));
  }

  /**
   * The problem to report, logged if it was not foreseen; empty if the response has already ended.
   */
  public static Optional<Problem> known(RoutingContext context) {
    if (context.response().ended() || context.response().closed()) {
      return Optional.empty();
    }
    Problem problem = problem(context);
    if (problem.code() == ErrorCode.INTERNAL) {
      LOG.error("Request {} failed", RequestIdHandler.of(context), context.failure());
    }
    return Optional.of(problem);
  }

  private static Problem problem(RoutingContext context) {
    return switch (context.failure()) {
      case ConcertException known -> known.problem();
      case Throwable disk when DiskFailure.isReported(disk) -> Problem.of(disk);
      case null, default ->
          switch (context.statusCode()) {
            case 413 -> new Problem(ErrorCode.MESSAGE_TOO_LARGE, "The body is over 32 MiB.");
            case 400 -> new Problem(ErrorCode.INVALID_MESSAGE, "The request is malformed.");
            default -> new Problem(ErrorCode.INTERNAL, "Something went wrong inside Ensemble.");
          };
    };
  }
}
