package dev.concert.gateway.apikey;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.context.CallerContext;
import dev.concert.gateway.auth.Authentication;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.gateway.registry.Cursor;
import dev.concert.gateway.registry.Registries;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.protocol.Role;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API keys of all tenants: creates, lists and revokes them, and authenticates programs by them.
 * A key that was created survives the death of the process. Thread-safe; futures complete on the
 * caller's context.
 */
public final class ApiKeys implements Authenticator {
  /** The beginning of every key. */
  public static final String PREFIX = KeyCredential.PREFIX;

  /** How many keys one user may have. */
  static final int MAX_PER_OWNER = 100;

  /** For so long a revoked key may still be known, on any node. */
  private static final Duration REMEMBERED = Duration.ofMillis(500);

  private static final Duration USE_WRITTEN_EVERY = Duration.ofMinutes(1);
  private static final int MAX_REMEMBERED = 10_000;
  private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);

  private final Vertx vertx;
  private final Registries registries;
  private final KeyIndex index;
  private final KeyOwners owners;
  private final Cache<String, Grant> grants =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).expireAfterWrite(REMEMBERED).build();
  private final Cache<String, Boolean> usesWritten =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).expireAfterWrite(USE_WRITTEN_EVERY).build();

  /**
   * @param data folder for the index
   */
  public ApiKeys(Vertx vertx, Path data, Registries registries, KeyOwners owners) {
    this.vertx = vertx;
    this.registries = registries;
    this.index = new KeyIndex(vertx, data);
    this.owners = owners;
  }

  /** A key, and what its owner may do. */
  private record Grant(StoredKey key, Identity owner) {}

  /** A key that was just created, and the credential, which is not stored. */
  record Created(StoredKey key, KeyCredential credential) {}

  /** What a new key is to be. */
  record Wanted(
      String name,
      Role role,
      Optional<List<Permission>> permissions,
      Optional<List<String>> sessions,
      Optional<Long> expiresAt) {}

  /** Fails with {@code TOO_MANY_KEYS}. */
  Future<Created> create(Identity owner, Wanted wanted) {
    KeyCredential credential = KeyCredential.create();
    StoredKey key =
        new StoredKey(
            credential.id(),
            wanted.name(),
            credential.hash(),
            owner.userId(),
            wanted.role(),
            wanted.permissions(),
            wanted.sessions(),
            System.currentTimeMillis(),
            wanted.expiresAt(),
            Optional.empty());
    return index
        .put(key.id(), owner.tenantId(), credential.hash())
        .compose(_ -> in(owner.tenantId(), keys -> keys.insert(key, MAX_PER_OWNER)))
        .compose(
            added ->
                added
                    ? Future.succeededFuture(new Created(key, credential))
                    : index.remove(key.id()).compose(_ -> Future.failedFuture(tooMany())));
  }

  private static ConcertException tooMany() {
    return new ConcertException(
        ErrorCode.TOO_MANY_KEYS, "You have %d API keys already.".formatted(MAX_PER_OWNER));
  }

  Future<Optional<StoredKey>> find(String tenantId, String keyId) {
    return in(tenantId, keys -> keys.find(keyId));
  }

  /**
   * @param owner empty for the keys of all members
   */
  Future<List<StoredKey>> list(
      String tenantId, Optional<String> owner, Optional<Cursor> after, int limit) {
    return in(tenantId, keys -> keys.list(owner, after, limit));
  }

  /**
   * Nobody gets in by the key any more.
   *
   * @param actor id of who revokes it
   */
  Future<Void> revoke(String tenantId, String keyId, String actor) {
    return in(tenantId, keys -> keys.remove(keyId, actor)).compose(_ -> forget(keyId));
  }

  /** Revokes every key of a user who is no member any more. */
  public Future<Void> revokeAllOf(String tenantId, String userId) {
    return in(tenantId, keys -> keys.removeOf(userId))
        .compose(ids -> Future.join(ids.stream().map(this::forget).toList()))
        .mapEmpty();
  }

  /** The tenant and its registry are gone. */
  public Future<Void> forgetTenant(String tenantId) {
    grants.asMap().values().removeIf(grant -> grant.owner().tenantId().equals(tenantId));
    return index.removeTenant(tenantId);
  }

  private Future<Void> forget(String keyId) {
    grants.invalidate(keyId);
    return index.remove(keyId);
  }

  @Override
  public Optional<Identity> everybody() {
    return Optional.empty();
  }

  /** Fails with {@code AUTH_FAILED}, with the same words for every key that is not valid. */
  @Override
  public Future<Authentication> authenticate(String token) {
    return KeyCredential.parse(token)
        .map(
            credential ->
                CallerContext.now(vertx).complete(current(credential.id(), credential.hash())))
        .orElseGet(() -> Future.failedFuture(refused("The API key is not valid.")));
  }

  private Future<Authentication> current(String keyId, String hash) {
    return grant(keyId, hash).compose(grant -> admit(hash, grant));
  }

  private Future<Authentication> admit(String hash, Optional<Grant> found) {
    if (found.isEmpty() || !found.get().key().hasHash(hash)) {
      return Future.failedFuture(refused("The API key is not valid."));
    }
    StoredKey key = found.get().key();
    Identity owner = found.get().owner();
    long now = System.currentTimeMillis();
    if (key.isExpired(now)) {
      return Future.failedFuture(refused("The API key has expired."));
    }
    noteUse(owner.tenantId(), key, now);
    return Future.succeededFuture(
        new Authentication(
            key.actingFor(owner),
            key.expiresAt().map(Instant::ofEpochMilli),
            Optional.of(() -> current(key.id(), hash))));
  }

  private static ConcertException refused(String message) {
    return new ConcertException(ErrorCode.AUTH_FAILED, message);
  }

  private Future<Optional<Grant>> grant(String keyId, String hash) {
    Grant known = grants.getIfPresent(keyId);
    if (known != null && known.key().hasHash(hash)) {
      return Future.succeededFuture(Optional.of(known));
    }
    return index
        .tenantOf(keyId, hash)
        .compose(
            tenant ->
                tenant
                    .map(id -> load(id, keyId))
                    .orElseGet(() -> Future.succeededFuture(Optional.empty())));
  }

  private Future<Optional<Grant>> load(String tenantId, String keyId) {
    return registries
        .exists(tenantId)
        .compose(
            exists -> exists ? find(tenantId, keyId) : Future.succeededFuture(Optional.empty()))
        .compose(
            key ->
                key.isEmpty()
                    ? Future.succeededFuture(Optional.<Grant>empty())
                    : owners
                        .find(tenantId, key.get().createdBy())
                        .map(owner -> owner.map(who -> new Grant(key.get(), who))))
        .onSuccess(grant -> grant.ifPresent(one -> grants.put(keyId, one)));
  }

  /**
   * The time of the last use is for people: to the minute is enough, and a lost one does no harm.
   */
  private void noteUse(String tenantId, StoredKey key, long now) {
    if (usesWritten.asMap().putIfAbsent(key.id(), true) == null) {
      in(tenantId, keys -> keys.used(key.id(), now))
          .onFailure(failure -> LOG.warn("The last use of {} is not stored", key.id(), failure));
    }
  }

  private <T> Future<T> in(String tenantId, Function<KeyTable, Future<T>> work) {
    return registries.in(tenantId, database -> work.apply(new KeyTable(database)));
  }

  public Future<Void> close() {
    return index.close();
  }

  /** The id of the key that this token is; empty for a token of another kind. */
  public static Optional<String> idOf(String token) {
    return KeyCredential.parse(token).map(KeyCredential::id);
  }
}
