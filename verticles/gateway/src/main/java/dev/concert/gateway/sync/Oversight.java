package dev.concert.gateway.sync;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.protocol.Identity;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketBase;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks again and again whether a replica that is connected still may be, and closes its connection
 * when it may not: 4401 where it is nobody any more, 4403 where it lacks the permission. That
 * nobody can say it at the moment changes nothing. For the connection's context.
 */
final class Oversight {
  private static final short NOT_AUTHENTICATED = 4401;
  private static final short FORBIDDEN = 4403;

  private final Supplier<Future<Identity>> question;
  private final String tenantId;
  private final WebSocketBase connection;
  private boolean asking;

  private Oversight(
      Supplier<Future<Identity>> question, String tenantId, WebSocketBase connection) {
    this.question = question;
    this.tenantId = tenantId;
    this.connection = connection;
  }

  /**
   * @param pause between two questions
   * @param question who the replica is, failing where it may not be connected
   * @param tenantId whose it was when it was let in
   */
  static void over(
      Vertx vertx,
      Duration pause,
      Supplier<Future<Identity>> question,
      String tenantId,
      WebSocketBase connection) {
    Oversight oversight = new Oversight(question, tenantId, connection);
    vertx.setPeriodic(
        pause.toMillis(),
        timer -> {
          if (connection.isClosed()) {
            vertx.cancelTimer(timer);
          } else {
            oversight.ask();
          }
        });
  }

  private void ask() {
    if (asking) {
      return;
    }
    asking = true;
    question
        .get()
        .onComplete(
            answer -> {
              asking = false;
              refusal(answer).ifPresent(this::end);
            });
  }

  private Optional<Short> refusal(AsyncResult<Identity> answer) {
    if (answer.succeeded()) {
      return Optional.of(FORBIDDEN).filter(_ -> !answer.result().tenantId().equals(tenantId));
    }
    if (answer.cause() instanceof ConcertException refused) {
      return switch (refused.code()) {
        case ErrorCode.AUTH_FAILED, ErrorCode.UNAUTHENTICATED -> Optional.of(NOT_AUTHENTICATED);
        case ErrorCode.FORBIDDEN -> Optional.of(FORBIDDEN);
        default -> Optional.empty();
      };
    }
    return Optional.empty();
  }

  private void end(short code) {
    if (!connection.isClosed()) {
      connection.close(code, "the permission was withdrawn");
    }
  }
}
