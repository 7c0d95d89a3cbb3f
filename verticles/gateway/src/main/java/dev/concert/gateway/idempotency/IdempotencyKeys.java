package dev.concert.gateway.idempotency;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.FailureLog;
import dev.concert.error.Problem;
import dev.concert.gateway.registry.Registries;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs each write that has an idempotency key once. Two at once are both answered with the reply of
 * the one that runs. A key is kept for {@link #KEPT}; a user has at most {@value #MAX_KEYS} of
 * them. Thread-safe.
 */
public final class IdempotencyKeys {
  public static final Duration KEPT = Duration.ofHours(24);
  static final int MAX_KEYS = 10_000;

  /** The most bytes of a reply that is stored. */
  static final int MAX_REPLY = 256 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(IdempotencyKeys.class);

  /** After such a failure the write may have taken effect. */
  private static final Set<ErrorCode> UNCERTAIN = Set.of(ErrorCode.INTERNAL, ErrorCode.TIMEOUT);

  private final Registries registries;
  private final Clock clock;

  /** The writes that run now in this process. */
  private final Map<KeyedRequest.Id, Running> running = new ConcurrentHashMap<>();

  private record Running(String hash, Future<StoredReply> reply) {}

  public IdempotencyKeys(Registries registries, Clock clock) {
    this.registries = registries;
    this.clock = clock;
  }

  /**
   * The reply to this write: of its only run, whether that was before, is now, or begins with this
   * call. Fails as the work does, with {@code IDEMPOTENCY_KEY_REUSED} where the key belongs to
   * another request, and with {@code IDEMPOTENCY_REPLY_GONE} where the run was interrupted.
   */
  public Future<StoredReply> once(KeyedRequest request, Supplier<Future<StoredReply>> work) {
    Promise<StoredReply> promise = Promise.promise();
    Running mine = new Running(request.hash(), promise.future());
    Running other = running.putIfAbsent(request.id(), mine);
    if (other != null) {
      return other.hash().equals(request.hash()) ? other.reply() : Future.failedFuture(reused());
    }
    start(request, work)
        .onComplete(
            done -> {
              running.remove(request.id());
              promise.handle(done);
            });
    return promise.future();
  }

  private Future<StoredReply> start(KeyedRequest request, Supplier<Future<StoredReply>> work) {
    return in(request, rows -> rows.claim(request, clock.millis()))
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture(found.get())
                    : Future.succeededFuture()
                        .compose(_ -> work.get())
                        .compose(
                            reply -> keep(request, reply), failure -> release(request, failure)));
  }

  private Future<StoredReply> keep(KeyedRequest request, StoredReply reply) {
    return in(request, rows -> rows.complete(request, reply))
        .map(reply)
        .otherwise(
            failure -> {
              // The write is done and its caller gets the reply; a repetition learns that it is
              // gone.
              FailureLog.write(
                  LOG.atError(),
                  "The reply to a write with an idempotency key was not stored",
                  failure);
              return reply;
            });
  }

  /** A refused write may be tried again with its key. */
  private Future<StoredReply> release(KeyedRequest request, Throwable failure) {
    return UNCERTAIN.contains(Problem.of(failure).code())
        ? Future.failedFuture(failure)
        : in(request, rows -> rows.remove(request)).transform(_ -> Future.failedFuture(failure));
  }

  private <T> Future<T> in(KeyedRequest request, Function<IdempotencyRows, Future<T>> work) {
    return registries.in(request.tenantId(), database -> work.apply(new IdempotencyRows(database)));
  }

  static ConcertException reused() {
    return new ConcertException(
        ErrorCode.IDEMPOTENCY_KEY_REUSED, "This Idempotency-Key belongs to another request.");
  }
}
