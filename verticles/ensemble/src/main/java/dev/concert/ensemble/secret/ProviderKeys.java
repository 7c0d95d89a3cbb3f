package dev.concert.ensemble.secret;

import dev.concert.ensemble.watch.ChangePoller;
import dev.concert.foundation.secret.SecretStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The provider keys that operators have stored, in memory, where calls read them.
 *
 * <p>It polls every second for changes by other processes on the same file. {@link #find} may be
 * called on any thread, the rest on the context on which it was started.
 */
public final class ProviderKeys {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final String KIND = "provider:";

  private final Vertx vertx;
  private final SecretStore store;
  private final ChangePoller changes;
  private volatile Known known = new Known(Map.of(), Map.of());
  private Runnable changed = () -> {};

  private record Known(Map<String, Instant> changes, Map<String, String> keys) {
    @Override
    public String toString() {
      return "Known" + keys.keySet();
    }
  }

  public ProviderKeys(Vertx vertx, SecretStore store) {
    this.vertx = vertx;
    this.store = store;
    this.changes = new ChangePoller(vertx, "Keys of providers", PAUSE, this::refresh);
  }

  /**
   * Completes when the keys are loaded. The polling ends with the verticle on whose context this is
   * called.
   */
  public Future<Void> start() {
    return refresh().onSuccess(read -> changes.start());
  }

  /** Completes when the polling has stopped. */
  public Future<Void> stop() {
    return changes.stop();
  }

  /**
   * @param action called after each change, on any event loop
   */
  public void onChange(Runnable action) {
    changed = action;
  }

  /**
   * @param endpoint the name of a provider's endpoint
   */
  public Optional<String> find(String endpoint) {
    return Optional.ofNullable(known.keys().get(KIND + endpoint));
  }

  /** Stores a key; completes when calls of this node use it. */
  public Future<Void> set(String endpoint, String key) {
    return vertx
        .<Void>executeBlocking(
            () -> {
              store.put(KIND + endpoint, key);
              return null;
            })
        .compose(kept -> refresh());
  }

  /** Returns false if there was none. */
  public Future<Boolean> remove(String endpoint) {
    return vertx
        .executeBlocking(() -> store.remove(KIND + endpoint))
        .compose(removed -> refresh().map(removed));
  }

  private Future<Void> refresh() {
    // In order, so that an older state never replaces a newer one.
    return vertx
        .executeBlocking(this::read)
        .map(
            news -> {
              if (news) {
                changed.run();
              }
              return null;
            });
  }

  /** Returns whether anything has changed; one at a time, so that what is known is the latest. */
  private synchronized boolean read() {
    Map<String, Instant> changes = store.names();
    if (changes.equals(known.changes())) {
      return false;
    }
    Map<String, String> keys = new HashMap<>();
    changes.keySet().forEach(name -> store.find(name).ifPresent(key -> keys.put(name, key)));
    known = new Known(changes, Map.copyOf(keys));
    return true;
  }
}
