package dev.concert.ensemble;

import dev.concert.ensemble.access.IssuedKeys;
import dev.concert.ensemble.admin.Accounts;
import dev.concert.ensemble.admission.Admission;
import dev.concert.ensemble.key.KeyDirectory;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.limit.NodeName;
import dev.concert.ensemble.limit.RateLimiters;
import dev.concert.ensemble.limit.SharedLimits;
import dev.concert.ensemble.redis.RedisLink;
import dev.concert.ensemble.secret.ProviderKeys;
import dev.concert.ensemble.secret.SecretStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What decides who may call and how much, as it is open while Ensemble runs. */
final class Control {
  private final Vertx vertx;
  private final Optional<SharedLimits> shared;
  private final Optional<Keys> keys;
  private final Optional<Secrets> secrets;
  private final RateLimiters limiters;

  private record Keys(KeyStore store, KeyDirectory directory) {}

  private record Secrets(SecretStore store, ProviderKeys keys) {}

  private Control(
      Vertx vertx,
      LongSupplier clockMillis,
      Optional<SharedLimits> shared,
      Optional<Keys> keys,
      Optional<Secrets> secrets) {
    this.vertx = vertx;
    this.secrets = secrets;
    this.shared = shared;
    this.keys = keys;
    this.limiters =
        shared.map(SharedLimits::limiters).orElseGet(() -> RateLimiters.alone(clockMillis));
  }

  /**
   * To be called on the context of the verticle.
   *
   * @param clockMillis by which limits are counted
   */
  static Future<Control> open(Vertx vertx, ControlOptions options, LongSupplier clockMillis) {
    return keys(vertx, options)
        .compose(
            keys ->
                secrets(vertx, options)
                    .compose(
                        secrets ->
                            shared(vertx, options, clockMillis)
                                .map(
                                    shared ->
                                        new Control(vertx, clockMillis, shared, keys, secrets))));
  }

  RateLimiters limiters() {
    return limiters;
  }

  IssuedKeys issued() {
    return keys.<IssuedKeys>map(Keys::directory).orElse(IssuedKeys.NONE);
  }

  /** Empty where no keys are given out. */
  Optional<Admission> admission() {
    return keys.map(known -> new Admission(known.directory(), limiters));
  }

  /** Empty where no keys are given out. */
  Optional<Accounts> accounts() {
    return keys.map(known -> new Accounts(vertx, known.store(), known.directory()));
  }

  /** Empty where there is no place to keep them. */
  Optional<ProviderKeys> providerKeys() {
    return secrets.map(Secrets::keys);
  }

  /** The key that an operator has given for a way to a provider. */
  Optional<String> providerKey(String endpoint) {
    return secrets.flatMap(known -> known.keys().find(endpoint));
  }

  /** How many keys may be used now. */
  int usableKeys() {
    return keys.map(known -> known.directory().size()).orElse(0);
  }

  /** {@code connected}, {@code away}, or {@code off} where none is configured. */
  String redis() {
    return shared.map(limits -> limits.connected() ? "connected" : "away").orElse("off");
  }

  Future<Void> close() {
    return shared
        .map(SharedLimits::stop)
        .orElseGet(Future::succeededFuture)
        .eventually(() -> stopped(keys.map(Keys::directory).map(KeyDirectory::stop)))
        .eventually(() -> closed(keys.map(Keys::store)))
        .eventually(() -> stopped(secrets.map(Secrets::keys).map(ProviderKeys::stop)))
        .eventually(() -> closed(secrets.map(Secrets::store)));
  }

  private static Future<Optional<SharedLimits>> shared(
      Vertx vertx, ControlOptions options, LongSupplier clockMillis) {
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

  /** Beside the keys: whoever has the same keys after this process is its successor. */
  private static NodeName nodeName(ControlOptions options) {
    return options
        .keysFile()
        .map(keys -> NodeName.of(keys.resolveSibling(keys.getFileName() + ".node")))
        .orElseGet(NodeName::passing);
  }

  private static Future<Optional<Keys>> keys(Vertx vertx, ControlOptions options) {
    return options
        .keysFile()
        .map(file -> keys(vertx, file).map(Optional::of))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  private static Future<Keys> keys(Vertx vertx, Path file) {
    return vertx
        .executeBlocking(() -> new KeyStore(file, Clock.systemUTC()))
        .compose(
            store -> {
              KeyDirectory directory = new KeyDirectory(vertx, store);
              return directory.start().map(read -> new Keys(store, directory));
            });
  }

  private static Future<Optional<Secrets>> secrets(Vertx vertx, ControlOptions options) {
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
