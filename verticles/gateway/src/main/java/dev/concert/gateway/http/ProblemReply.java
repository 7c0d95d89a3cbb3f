package dev.concert.gateway.http;

import dev.concert.error.ConcertException;
import dev.concert.error.Problem;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses HTTP requests with a problem (RFC 9457) that carries our code. */
public final class ProblemReply {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemReply.class);

  private ProblemReply() {}

  /** Answers with what went wrong; what nobody foresaw is logged and not shown. */
  public static void send(RoutingContext request, Throwable failure) {
    if (!(failure instanceof ConcertException)) {
      LOG.error("{} {} failed", request.request().method(), request.normalizedPath(), failure);
    }
    Problem problem = Problem.of(failure);
    int status = problem.code().httpStatus();
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/problem+json")
        .end(
            new JsonObject()
                .put("status", status)
                .put("code", problem.code().name())
                .put("title", problem.message())
                .put("detail", problem.forPerson())
                .encode());
  }
}
