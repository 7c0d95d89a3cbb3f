package dev.concert.ensemble;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.access.IssuedKeys;
import dev.concert.ensemble.admin.AsyncKeyStore;
import dev.concert.ensemble.admission.Admission;
import dev.concert.ensemble.batch.BatchClaims;
import dev.concert.ensemble.budget.Budgets;
import dev.concert.ensemble.budget.SharedBudgets;
import dev.concert.ensemble.config.AccessControlOptions;
import dev.concert.ensemble.exchange.ExchangedRecords;
import dev.concert.ensemble.exchange.RecordExchange;
import dev.concert.ensemble.key.ApiKey;
import dev.concert.ensemble.key.KeyDirectory;
import dev.concert.ensemble.key.KeyRecords;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.limit.LimitNodeName;
import dev.concert.ensemble.limit.RateLimiters;
import dev.concert.ensemble.limit.SharedLimits;
import dev.concert.ensemble.secret.ProviderKeys;
import dev.concert.foundation.redis.RedisLink;
import dev.concert.foundation.secret.SecretStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Opens and holds the parts that decide who may call and how much: API keys, stored provider keys
 * and rate limits.
 */
final class AccessControl {
  private final Vertx vertx;
  private final Optional<SharedLimits> shared;
  private final Optional<Keys> keys;
  private final Optional<Secrets> secrets;
  private final RateLimiters limiters;
  private final Optional<AccessControlOptions.SharedRedis> redis;

  private record Keys(KeyStore store, KeyDirectory directory, Optional<RecordExchange> exchange) {}

  private record Secrets(SecretStore store, ProviderKeys keys) {}

  private AccessControl(
      Vertx vertx,
      LongSupplier clockMillis,
      Optional<SharedLimits> shared,
      Optional<Keys> keys,
      Optional<Secrets> secrets,
      Optional<AccessControlOptions.SharedRedis> redis) {
    this.redis = redis;
    this.vertx = vertx;
    this.secrets = secrets;
    this.shared = shared;
    this.keys = keys;
    this.limiters =
        shared.map(SharedLimits::limiters).orElseGet(() -> RateLimiters.alone(clockMillis));
  }

  /**
   * Call it on the context of the verticle.
   *
   * @param clockMillis the clock that limits are counted by, in milliseconds
   */
  static Future<AccessControl> open(
      Vertx vertx, AccessControlOptions options, LongSupplier clockMillis) {
    return keys(vertx, options)
        .compose(
            keys ->
                secrets(vertx, options)
                    .compose(
                        secrets ->
                            shared(vertx, options, clockMillis)
                                .map(
                                    shared ->
                                        new AccessControl(
                                            vertx,
                                            clockMillis,
                                            shared,
                                            keys,
                                            secrets,
                                            options.redis()))));
  }

  RateLimiters limiters() {
    return limiters;
  }

  /**
   * Budgets that hold over all nodes; empty without Redis.
   *
   * @param name under which this node's ledger counts
   */
  Optional<SharedBudgets> shared(Budgets budgets, String name) {
    return redis.map(
        options ->
            new SharedBudgets(
                vertx,
                new RedisLink(vertx, options.url()),
                options.namespace(),
                name,
                budgets,
                () -> shared.map(SharedLimits::nodes).orElse(1),
                Clock.systemUTC()));
  }

  /** An exchange of records over all nodes; empty without Redis. */
  Optional<RecordExchange> exchange(String kind, ExchangedRecords records) {
    return redis.map(
        options ->
            new RecordExchange(
                vertx, new RedisLink(vertx, options.url()), options.namespace(), kind, records));
  }

  /**
   * Which node has which batch in its books; empty without Redis.
   *
   * @param node the name of this one, also after a restart
   */
  Optional<BatchClaims> batchClaims(String node) {
    return redis.map(
        options ->
            new BatchClaims(vertx, new RedisLink(vertx, options.url()), options.namespace(), node));
  }

  IssuedKeys issued() {
    return keys.<IssuedKeys>map(Keys::directory).orElse(IssuedKeys.NONE);
  }

  /** Empty without a keys file. */
  Optional<Admission> admission() {
    return keys.map(known -> new Admission(known.directory(), limiters));
  }

  /** Empty without a keys file. */
  Optional<AsyncKeyStore> accounts() {
    return keys.map(known -> new AsyncKeyStore(vertx, known.store(), known.directory()));
  }

  /** Empty without a secrets file. */
  Optional<ProviderKeys> providerKeys() {
    return secrets.map(Secrets::keys);
  }

  /** The key that an operator has stored for a provider's endpoint. */
  Optional<String> providerKey(String endpoint) {
    return secrets.flatMap(known -> known.keys().find(endpoint));
  }

  /** Whether this caller may still call: an API key may have been revoked or disabled. */
  boolean isValid(Caller caller) {
    return !(caller instanceof Caller.IssuedKey key)
        || keys.flatMap(known -> known.directory().entry(key.keyId())).isPresent();
  }

  /** Whether an id is that of a key that will never be valid again; blocks. */
  boolean isRevoked(String callerId) {
    return callerId.startsWith(Caller.IssuedKey.PREFIX)
        && keys.flatMap(known -> known.store().key(callerId))
            .filter(key -> key.status() == ApiKey.Status.REVOKED)
            .isPresent();
  }

  /** Has work done, on any thread, whenever keys have changed. */
  void onRevocation(Runnable work) {
    keys.ifPresent(known -> known.directory().onChange(work));
  }

  /** The number of enabled keys. */
  int usableKeys() {
    return keys.map(known -> known.directory().size()).orElse(0);
  }

  /**
   * {@code connected}, {@code away} (configured but unreachable) or {@code off} (not configured).
   */
  String redis() {
    return shared.map(limits -> limits.connected() ? "connected" : "away").orElse("off");
  }

  Future<Void> close() {
    return shared
        .map(SharedLimits::stop)
        .orElseGet(Future::succeededFuture)
        .eventually(() -> stopped(keys.map(Keys::directory).map(KeyDirectory::stop)))
        .eventually(() -> stopped(keys.flatMap(Keys::exchange).map(RecordExchange::stop)))
        .eventually(() -> closed(keys.map(Keys::store)))
        .eventually(() -> stopped(secrets.map(Secrets::keys).map(ProviderKeys::stop)))
        .eventually(() -> closed(secrets.map(Secrets::store)));
  }

  private static Future<Optional<SharedLimits>> shared(
      Vertx vertx, AccessControlOptions options, LongSupplier clockMillis) {
    return options
        .redis()
        .map(
            redis ->
                vertx
                    .executeBlocking(() -> nodeName(options))
                    .compose(
                        node ->
                            SharedLimits.start(
                                vertx,
                                new RedisLink(vertx, redis.url()),
                                redis.namespace(),
                                node,
                                clockMillis))
                    .map(Optional::of))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  /**
   * The file is beside the keys: the next process that opens the same keys is this one's successor.
   */
  private static LimitNodeName nodeName(AccessControlOptions options) {
    return options
        .keysFile()
        .map(keys -> LimitNodeName.of(keys.resolveSibling(keys.getFileName() + ".node")))
        .orElseGet(LimitNodeName::transientName);
  }

  private static Future<Optional<Keys>> keys(Vertx vertx, AccessControlOptions options) {
    return options
        .keysFile()
        .map(file -> keys(vertx, file, options.redis()).map(Optional::of))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  private static Future<Keys> keys(
      Vertx vertx, Path file, Optional<AccessControlOptions.SharedRedis> redis) {
    return vertx
        .executeBlocking(() -> new KeyStore(file, Clock.systemUTC()))
        .compose(
            store -> {
              KeyDirectory directory = new KeyDirectory(vertx, store);
              Optional<RecordExchange> exchange =
                  redis.map(
                      shared ->
                          new RecordExchange(
                              vertx,
                              new RedisLink(vertx, shared.url()),
                              shared.namespace(),
                              "keys",
                              new KeyRecords(store)));
              exchange.ifPresent(directory::exchangeThrough);
              return directory.start().map(read -> new Keys(store, directory, exchange));
            });
  }

  private static Future<Optional<Secrets>> secrets(Vertx vertx, AccessControlOptions options) {
    return options
        .secrets()
        .map(
            kept ->
                vertx
                    .executeBlocking(kept::open)
                    .compose(
                        store -> {
                          ProviderKeys keys = new ProviderKeys(vertx, store);
                          return keys.start().map(read -> Optional.of(new Secrets(store, keys)));
                        }))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  private static Future<Void> stopped(Optional<Future<Void>> reading) {
    return reading.orElseGet(Future::succeededFuture);
  }

  private Future<Void> closed(Optional<? extends AutoCloseable> store) {
    return vertx.executeBlocking(
        () -> {
          if (store.isPresent()) {
            store.get().close();
          }
          return null;
        });
  }
}
