package dev.concert.gateway.connection;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.auth.AccessWatch;
import dev.concert.gateway.auth.Authentication;
import dev.concert.protocol.Identity;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Who a client has shown to be, and until when that holds. A further credential renews it, when it
 * is of the same user and tenant. Thread-safe.
 */
final class SignIn {
  /** A timer is no longer than this; the end may be years away. */
  private static final Duration LONGEST_TIMER = Duration.ofHours(12);

  private final Vertx vertx;
  private final AccessWatch access;
  private final Runnable onEnd;
  private volatile Optional<Identity> identity = Optional.empty();
  private Optional<Authentication> shown = Optional.empty();
  private Optional<Long> timer = Optional.empty();
  private Runnable unwatch = () -> {};
  private boolean closed;

  /**
   * @param access looks whether the credential was revoked
   * @param onEnd called when the credential has ended, on any thread
   */
  SignIn(Vertx vertx, AccessWatch access, Runnable onEnd) {
    this.vertx = vertx;
    this.access = access;
    this.onEnd = onEnd;
  }

  Optional<Identity> identity() {
    return identity;
  }

  /** The client needs no credential. */
  synchronized void admit(Identity everybody) {
    identity = Optional.of(everybody);
  }

  /**
   * The client has shown a credential.
   *
   * @throws ConcertException {@code AUTH_FAILED} when it showed one of somebody else before
   */
  synchronized void show(Authentication credential) {
    if (shown.map(Authentication::identity).filter(who -> !isSame(who, credential)).isPresent()) {
      throw new ConcertException(
          ErrorCode.AUTH_FAILED,
          "This connection belongs to another user or tenant: open another one for this token.");
    }
    shown = Optional.of(credential);
    identity = Optional.of(credential.identity());
    unwatch.run();
    unwatch = closed ? () -> {} : access.watch(credential, onEnd);
    await();
  }

  /** The same user may do more or less than before. */
  synchronized void changeRights(Identity now) {
    identity = Optional.of(now);
    shown = shown.map(one -> new Authentication(now, one.expiresAt(), one.recheck()));
    unwatch.run();
    unwatch = shown.filter(_ -> !closed).map(one -> access.watch(one, onEnd)).orElse(() -> {});
  }

  private static boolean isSame(Identity who, Authentication credential) {
    Identity other = credential.identity();
    return who.userId().equals(other.userId()) && who.tenantId().equals(other.tenantId());
  }

  private synchronized void await() {
    timer.ifPresent(vertx::cancelTimer);
    timer = Optional.empty();
    if (closed) {
      return;
    }
    timer =
        shown
            .flatMap(Authentication::expiresAt)
            .map(end -> vertx.setTimer(millisUntil(end), _ -> lookAtTheTime(end)));
  }

  private static long millisUntil(Instant end) {
    Instant now = Instant.now();
    return end.isAfter(now.plus(LONGEST_TIMER))
        ? LONGEST_TIMER.toMillis()
        : Math.max(1, Duration.between(now, end).toMillis() + 1);
  }

  private void lookAtTheTime(Instant end) {
    if (Instant.now().isBefore(end)) {
      await();
    } else {
      onEnd.run();
    }
  }

  /** The connection is closed. */
  synchronized void close() {
    closed = true;
    unwatch.run();
    await();
  }
}
