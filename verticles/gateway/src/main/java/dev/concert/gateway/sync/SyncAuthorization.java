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
 * Checks at intervals whether a connected replica is still authorized, and closes its connection
 * when it is not: with 4401 when its token is not valid any more, with 4403 when it lacks the
 * permission. A check that cannot be made at the moment changes nothing. Used on the connection's
 * context.
 */
final class SyncAuthorization {
  private static final short NOT_AUTHENTICATED = 4401;
  private static final short FORBIDDEN = 4403;

  private final Supplier<Future<Identity>> check;
  private final String tenantId;
  private final WebSocketBase connection;
  private boolean checking;

  private SyncAuthorization(
      Supplier<Future<Identity>> check, String tenantId, WebSocketBase connection) {
    this.check = check;
    this.tenantId = tenantId;
    this.connection = connection;
  }

  /**
   * @param interval between two checks
   * @param check gives the replica's identity, and fails when it may not be connected
   * @param tenantId the tenant that it was admitted for
   */
  static void watch(
      Vertx vertx,
      Duration interval,
      Supplier<Future<Identity>> check,
      String tenantId,
      WebSocketBase connection) {
    SyncAuthorization authorization = new SyncAuthorization(check, tenantId, connection);
    vertx.setPeriodic(
        interval.toMillis(),
        timer -> {
          if (connection.isClosed()) {
            vertx.cancelTimer(timer);
          } else {
            authorization.check();
          }
        });
  }

  private void check() {
    if (checking) {
      return;
    }
    checking = true;
    check
        .get()
        .onComplete(
            answer -> {
              checking = false;
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
        case ErrorCode.FORBIDDEN, ErrorCode.SESSION_NOT_FOUND -> Optional.of(FORBIDDEN);
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
