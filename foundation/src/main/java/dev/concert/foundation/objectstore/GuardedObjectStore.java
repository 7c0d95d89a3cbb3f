package dev.concert.foundation.objectstore;

import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An object store that is left alone for a while after it failed several times in a row: meanwhile
 * every request fails at once, then a single one is let through to see whether it is back.
 */
public final class GuardedObjectStore implements ObjectStore {
  private static final int FAILURES = 5;

  private final ObjectStore store;
  private final CircuitBreaker breaker;

  private GuardedObjectStore(ObjectStore store, CircuitBreaker breaker) {
    this.store = store;
    this.breaker = breaker;
  }

  /**
   * Takes the store over and closes it.
   *
   * @param pause how long it is left alone
   */
  public static GuardedObjectStore of(ObjectStore store, Vertx vertx, Duration pause) {
    CircuitBreakerOptions options =
        new CircuitBreakerOptions()
            .setMaxFailures(FAILURES)
            .setResetTimeout(pause.toMillis())
            // The store has time-outs of its own, which know the size of what is sent.
            .setTimeout(-1)
            .setNotificationAddress(null);
    return new GuardedObjectStore(store, CircuitBreaker.create("object-store", vertx, options));
  }

  /** Whether a request failed because the store is left alone, without having been sent. */
  public static boolean wasNotSent(Throwable failure) {
    return failure.getCause() instanceof OpenCircuitException;
  }

  @Override
  public Future<Void> put(String key, Path file) {
    return guarded(() -> store.put(key, file));
  }

  @Override
  public Future<Boolean> get(String key, Path into) {
    return guarded(() -> store.get(key, into));
  }

  @Override
  public Future<Void> put(String key, byte[] content) {
    return guarded(() -> store.put(key, content));
  }

  @Override
  public Future<Optional<byte[]>> get(String key) {
    return guarded(() -> store.get(key));
  }

  @Override
  public Future<Boolean> has(String key) {
    return guarded(() -> store.has(key));
  }

  @Override
  public Future<Void> delete(String key) {
    return guarded(() -> store.delete(key));
  }

  private <T> Future<T> guarded(Supplier<Future<T>> request) {
    return breaker
        .<T>execute(promise -> request.get().onComplete(promise))
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof OpenCircuitException open
                        ? new ObjectStoreException(
                            "The object store failed several times and is left alone", open)
                        : failure));
  }

  @Override
  public void close() {
    breaker.close();
    store.close();
  }
}
