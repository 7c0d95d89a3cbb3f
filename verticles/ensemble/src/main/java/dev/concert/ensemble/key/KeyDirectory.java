package dev.concert.ensemble.key;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.access.IssuedKeys;
import dev.concert.ensemble.access.TokenHash;
import dev.concert.ensemble.watch.RepeatedRead;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The keys that may be used now, in memory, so that a request needs no more than one read of a map.
 *
 * <p>It looks for changes every {@link #PAUSE}, so that one by another process that has the same
 * file holds within a second. While the file cannot be read, what was known goes on to hold.
 * Thread-safe.
 */
public final class KeyDirectory implements IssuedKeys {
  /** A fraction of the second within which a revocation has to act, on a busy host too. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Vertx vertx;
  private final KeyStore store;
  private final RepeatedRead changes;
  private final AtomicReference<Snapshot> known =
      new AtomicReference<>(new Snapshot(-1, Map.of(), Map.of()));

  /** A key and whose it is. */
  public record Entry(ApiKey key, Customer customer) {}

  private record Snapshot(
      long changes, Map<TokenHash, Caller.IssuedKey> callers, Map<String, Entry> entries) {}

  public KeyDirectory(Vertx vertx, KeyStore store) {
    this.vertx = vertx;
    this.store = store;
    this.changes = new RepeatedRead(vertx, "Changes of API keys", PAUSE, this::refresh);
  }

  /** Completes when the keys are known; ends with the verticle on whose context it is called. */
  public Future<Void> start() {
    return refresh().onSuccess(read -> changes.start());
  }

  /** Completes when it looks for changes no more; on the context on which it was started. */
  public Future<Void> stop() {
    return changes.stop();
  }

  /** Takes over what has changed; to be called after a change of one's own. */
  public Future<Void> refresh() {
    return vertx.executeBlocking(this::read, false);
  }

  @Override
  public Optional<Caller.IssuedKey> find(TokenHash token) {
    return Optional.ofNullable(known.get().callers().get(token));
  }

  /** What a key may do; empty when it may not be used any more. */
  public Optional<Entry> entry(String keyId) {
    return Optional.ofNullable(known.get().entries().get(keyId));
  }

  /** How many may be used now. */
  public int size() {
    return known.get().entries().size();
  }

  private Void read() {
    long changes = store.changes();
    if (changes > known.get().changes()) {
      Map<TokenHash, Entry> usable = store.usable();
      Snapshot fresh =
          new Snapshot(
              changes,
              usable.entrySet().stream()
                  .collect(
                      Collectors.toUnmodifiableMap(
                          Map.Entry::getKey,
                          each ->
                              new Caller.IssuedKey(
                                  each.getValue().key().id(), each.getValue().customer().id()))),
              usable.values().stream()
                  .collect(
                      Collectors.toUnmodifiableMap(
                          entry -> entry.key().id(), Function.identity())));
      // Two may read at once: the later change wins.
      known.accumulateAndGet(fresh, (seen, next) -> next.changes() >= seen.changes() ? next : seen);
    }
    return null;
  }
}
