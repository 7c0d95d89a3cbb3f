package dev.concert.ensemble.key;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.access.IssuedKeys;
import dev.concert.ensemble.access.TokenHash;
import dev.concert.ensemble.exchange.RecordExchange;
import dev.concert.ensemble.watch.ChangePoller;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The enabled keys, in memory, so that a request takes one map lookup.
 *
 * <p>A change by another process of this host applies to the next request ({@link #fresh}). It also
 * polls for changes every {@link #PAUSE}, so that open streams of a revoked key end and changes by
 * another host on the same file apply within a second. While the file cannot be read, the last
 * known keys stay valid. Thread-safe.
 */
public final class KeyDirectory implements IssuedKeys {
  /** A revocation has to apply within a second, also on a busy host. */
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Vertx vertx;
  private final KeyStore store;
  private final ChangePoller changes;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile long expired;
  private volatile Supplier<Future<Void>> exchange = Future::succeededFuture;

  /** Guards the two reads: the one that runs, and the one that those who ask meanwhile wait for. */
  private final Object reads = new Object();

  private Future<Void> reading = Future.succeededFuture();
  private Promise<Void> next;
  private final AtomicReference<Snapshot> known =
      new AtomicReference<>(new Snapshot(-1, -1, Map.of(), Map.of()));

  /** A key, its customer and its team. */
  public record Entry(ApiKey key, Customer customer, Optional<Team> team) {
    /** Whether the key and its team may use a model, by the name that the client sent. */
    public boolean allows(String model) {
      return key.settings().allows(model)
          && team.stream().allMatch(known -> known.settings().allows(model));
    }
  }

  /**
   * A secret of a key.
   *
   * @param end from then on it is refused, because another one has replaced it
   */
  record Secret(Entry entry, Optional<Instant> end) {
    Caller.IssuedKey caller() {
      return new Caller.IssuedKey(entry.key().id(), entry.customer().id());
    }
  }

  /**
   * @param counted what the store had counted before it was read
   */
  private record Snapshot(
      long counted, long changes, Map<TokenHash, Secret> secrets, Map<String, Entry> entries) {
    Snapshot countedUntil(long later) {
      return later > counted ? new Snapshot(later, changes, secrets, entries) : this;
    }
  }

  public KeyDirectory(Vertx vertx, KeyStore store) {
    this.vertx = vertx;
    this.store = store;
    this.changes = new ChangePoller(vertx, "Changes of API keys", PAUSE, this::refresh);
  }

  /**
   * Completes when the keys are loaded. The polling ends with the verticle on whose context this is
   * called.
   */
  public Future<Void> start() {
    return refresh().onSuccess(read -> changes.start());
  }

  /** Completes when the polling has stopped. Call it on the context of {@link #start}. */
  public Future<Void> stop() {
    return changes.stop();
  }

  /** Reloads the keys if they have changed. Call it after a change by this process. */
  public Future<Void> refresh() {
    return exchange.get().transform(done -> vertx.executeBlocking(this::read, false));
  }

  /** Exchanges the keys with nodes that have another file. Call it before {@link #start}. */
  public void exchangeThrough(RecordExchange other) {
    exchange = other::sync;
  }

  /** Has this work done, too, on a worker thread, whenever the keys have changed. */
  public void onChange(Runnable work) {
    listeners.add(work);
  }

  private void notifyListeners() {
    listeners.forEach(Runnable::run);
  }

  @Override
  public Optional<Caller.IssuedKey> find(TokenHash token) {
    return Optional.ofNullable(known.get().secrets().get(token))
        .filter(secret -> store.lives(secret.end()) && store.lives(secret.entry().key()))
        .map(Secret::caller);
  }

  @Override
  public Future<Void> fresh() {
    return known.get().counted() == store.counted() ? Future.succeededFuture() : reload();
  }

  /** Those who ask while the keys are read wait for the next read together. */
  @Override
  public Future<Void> reload() {
    Context asking = vertx.getOrCreateContext();
    Promise<Void> answer = Promise.promise();
    nextRead().onComplete(_ -> asking.runOnContext(_ -> answer.complete()));
    return answer.future();
  }

  private Future<Void> nextRead() {
    synchronized (reads) {
      if (next == null) {
        Promise<Void> read = Promise.promise();
        next = read;
        reading.onComplete(_ -> start(read));
      }
      // It may have begun already, and is then no longer the next one.
      return next == null ? reading : next.future();
    }
  }

  private void start(Promise<Void> read) {
    synchronized (reads) {
      next = null;
      reading = read.future();
      refresh().otherwiseEmpty().onComplete(read);
    }
  }

  /** Finds a key that is enabled and has not expired. */
  public Optional<Entry> entry(String keyId) {
    return Optional.ofNullable(known.get().entries().get(keyId))
        .filter(entry -> store.lives(entry.key()));
  }

  /** How many may be used now. */
  public int size() {
    return (int)
        known.get().entries().values().stream().filter(entry -> store.lives(entry.key())).count();
  }

  /** Has the streams of keys end that have expired since the last look. */
  private void endExpired() {
    long now =
        known.get().entries().values().stream().filter(entry -> !store.lives(entry.key())).count();
    if (now > expired) {
      notifyListeners();
    }
    expired = now;
  }

  private Void read() {
    long counted = store.counted();
    long changes = store.changes();
    if (changes > known.get().changes()) {
      Map<TokenHash, Secret> usable = store.usable();
      Snapshot fresh =
          new Snapshot(
              counted,
              changes,
              Map.copyOf(usable),
              usable.values().stream()
                  .map(Secret::entry)
                  .collect(
                      Collectors.toUnmodifiableMap(
                          entry -> entry.key().id(), Function.identity(), (one, same) -> one)));
      // Two reads may run at once: the later change wins.
      known.accumulateAndGet(
          fresh, (seen, later) -> later.changes() >= seen.changes() ? later : seen);
      notifyListeners();
    } else {
      known.updateAndGet(seen -> seen.countedUntil(counted));
      endExpired();
    }
    return null;
  }
}
