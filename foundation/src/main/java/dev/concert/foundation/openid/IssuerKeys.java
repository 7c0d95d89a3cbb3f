package dev.concert.foundation.openid;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.retry.Backoff;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.jwt.JWTAuth;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The issuer's present keys. They are fetched when the first token comes, again in the background
 * when they are old, and once more for a token whose key is not among them: all such tokens share
 * one fetch, and those that come soon after it get none. While the issuer cannot be reached, the
 * keys that it published last stay in force. Thread-safe; futures may complete on any thread.
 */
final class IssuerKeys {
  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

  /** A key that the issuer withdraws is used for this time at most, while the issuer answers. */
  static final Duration MAX_AGE = Duration.ofMinutes(10);

  /** So long no unknown key makes a second fetch. */
  static final Duration MISS_PAUSE = Duration.ofSeconds(30);

  private static final Backoff FAILURE_PAUSE =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), 0.2);

  private final Vertx vertx;
  private final IssuerClient issuer;
  private final Set<SignatureAlgorithm> algorithms;
  private final InstantSource clock;

  private volatile Optional<KeySet> current = Optional.empty();
  private Optional<Future<KeySet>> running = Optional.empty();
  private Instant noMissBefore = Instant.MIN;
  private Instant noFetchBefore = Instant.MIN;
  private int failures;

  IssuerKeys(
      Vertx vertx, IssuerClient issuer, Set<SignatureAlgorithm> algorithms, InstantSource clock) {
    this.vertx = vertx;
    this.issuer = issuer;
    this.algorithms = algorithms;
    this.clock = clock;
  }

  /** The keys in force; empty as long as the issuer never answered. */
  Optional<KeySet> current() {
    return current;
  }

  /**
   * Verifies tokens with such a header. Fails with {@code AUTH_FAILED} for a key that the issuer
   * does not publish, and with {@code ISSUER_UNAVAILABLE} where that cannot be known.
   */
  Future<JWTAuth> verifier(JwtHeader header) {
    Optional<KeySet> known = current;
    if (known.isEmpty()) {
      return fetch().compose(keys -> verifierIn(keys, header));
    }
    if (known.get().fetchedAt().plus(MAX_AGE).isBefore(clock.instant())) {
      // Nobody waits for it. Where it fails, the keys stay as they are.
      fetch();
    }
    Optional<JWTAuth> verifier = known.get().verifier(header);
    return verifier.isPresent()
        ? Future.succeededFuture(verifier.get())
        : fetchForMiss(known.get()).compose(keys -> verifierIn(keys, header));
  }

  private Future<JWTAuth> verifierIn(KeySet keys, JwtHeader header) {
    return keys.verifier(header)
        .map(Future::succeededFuture)
        .orElseGet(
            () ->
                Future.failedFuture(
                    new ConcertException(
                        ErrorCode.AUTH_FAILED,
                        "The token is signed with a key that its issuer does not publish.")));
  }

  private synchronized Future<KeySet> fetchForMiss(KeySet known) {
    if (running.isEmpty()) {
      if (current.filter(now -> now != known).isPresent()) {
        // Another fetch ended since.
        return Future.succeededFuture(current.get());
      }
      if (failures == 0 && clock.instant().isBefore(noMissBefore)) {
        return Future.succeededFuture(known);
      }
      noMissBefore = clock.instant().plus(MISS_PAUSE);
    }
    return fetch();
  }

  private synchronized Future<KeySet> fetch() {
    if (running.isPresent()) {
      return running.get();
    }
    if (clock.instant().isBefore(noFetchBefore)) {
      return Future.failedFuture(unavailable(Duration.between(clock.instant(), noFetchBefore)));
    }
    Promise<KeySet> fetched = Promise.promise();
    running = Optional.of(fetched.future());
    issuer
        .keySet()
        // The classes of a key and of its algorithm are loaded with the first one: not on a loop.
        .compose(document -> vertx.executeBlocking(() -> read(document), false))
        .onSuccess(this::succeeded)
        .onFailure(this::failed)
        .onSuccess(fetched::complete)
        .onFailure(_ -> fetched.fail(unavailable(FAILURE_PAUSE.first())));
    return fetched.future();
  }

  private KeySet read(JsonObject document) {
    return KeySet.of(vertx, document, algorithms, clock.instant());
  }

  private synchronized void succeeded(KeySet keys) {
    running = Optional.empty();
    current = Optional.of(keys);
    failures = 0;
  }

  private synchronized void failed(Throwable cause) {
    running = Optional.empty();
    failures++;
    noFetchBefore = clock.instant().plus(FAILURE_PAUSE.after(failures));
    LOG.warn(
        "The issuer's keys cannot be fetched{}: {}",
        current.isPresent() ? "; those known so far stay in force" : "",
        cause.getMessage());
  }

  private static ConcertException unavailable(Duration wait) {
    return ConcertException.retryAfter(
        ErrorCode.ISSUER_UNAVAILABLE,
        "The issuer of the tokens does not answer, so the token cannot be verified.",
        Math.max(1, wait.toMillis()));
  }
}
