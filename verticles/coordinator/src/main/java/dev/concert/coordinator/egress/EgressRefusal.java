package dev.concert.coordinator.egress;

import dev.concert.coordinator.egress.policy.Destination;
import dev.concert.coordinator.egress.policy.RefusedException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.net.ConnectException;

/**
 * An answer of the proxy itself.
 *
 * @param reason a sentence for the agent: in the body, in the header {@code X-Concert-Egress}, and,
 *     since most clients show nothing else of a refused CONNECT, as the reason phrase
 */
record EgressRefusal(int status, String reason) {
  private static final String HEADER = "X-Concert-Egress";

  EgressRefusal {
    // A header holds no line end, and a setting of the operator may have any character.
    reason = reason.replaceAll("[^\\x20-\\x7e]", "?");
  }

  static EgressRefusal of(Destination wanted, Throwable failure) {
    return switch (failure) {
      case RefusedException refused -> new EgressRefusal(refused.status(), refused.getMessage());
      case ConnectException _ ->
          new EgressRefusal(
              502, "%s cannot be reached: it does not accept the connection.".formatted(wanted));
      default -> new EgressRefusal(504, "%s does not answer.".formatted(wanted));
    };
  }

  /** Answers, and hangs up: what the client sent meanwhile is not read. */
  Future<Void> send(HttpServerRequest request) {
    if (request.response().headWritten() || request.response().closed()) {
      return Future.succeededFuture();
    }
    return request
        .response()
        .setStatusCode(status)
        .setStatusMessage(reason)
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .putHeader(HEADER, reason)
        .putHeader("Connection", "close")
        .end(reason + "\n")
        .eventually(() -> request.connection().close());
  }
}
