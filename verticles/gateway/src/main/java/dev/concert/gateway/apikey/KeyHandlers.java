package dev.concert.gateway.apikey;

import dev.concert.contract.KeyOperations;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.gateway.registry.Cursor;
import dev.concert.protocol.Identity;
import dev.concert.protocol.KeyMessage;
import dev.concert.protocol.Permission;
import dev.concert.protocol.Role;
import dev.concert.protocol.ServerEvent;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Creates, lists and revokes API keys. A member manages their own, who may manage members also
 * those of others. A key creates none, and of keys it sees and revokes only itself: otherwise one
 * that leaked could outlive its revocation.
 */
public final class KeyHandlers {
  private final ApiKeys keys;
  private final BiFunction<Identity, String, ? extends Future<?>> session;

  /**
   * @param session finds a session, and fails with {@code SESSION_NOT_FOUND} where this caller has
   *     none of this id
   */
  public KeyHandlers(ApiKeys keys, BiFunction<Identity, String, ? extends Future<?>> session) {
    this.keys = keys;
    this.session = session;
  }

  public void register(Handlers handlers) {
    handlers
        .serve(KeyOperations.CREATE_KEY, this::create)
        .serve(KeyOperations.LIST_KEYS, this::list)
        .serve(KeyOperations.REVOKE_KEY, this::revoke);
  }

  private Future<ServerEvent.KeyCreated> create(ApiRequest<KeyMessage.CreateKey> request) {
    Identity who = request.who();
    KeyMessage.CreateKey message = request.message();
    Role role = message.role() == null ? who.role() : message.role();
    Optional<List<Permission>> permissions =
        Optional.ofNullable(message.permissions()).map(given -> given.stream().distinct().toList());
    Optional<List<String>> sessions =
        Optional.ofNullable(message.sessions()).map(given -> given.stream().distinct().toList());
    refusal(who, role, permissions, message.expiresAt())
        .ifPresent(
            refusal -> {
              throw refusal;
            });
    ApiKeys.Wanted wanted =
        new ApiKeys.Wanted(
            message.name(), role, permissions, sessions, Optional.ofNullable(message.expiresAt()));
    return Future.all(
            sessions.orElse(List.of()).stream().map(id -> session.apply(who, id)).toList())
        .compose(_ -> keys.create(who, wanted))
        .map(made -> new ServerEvent.KeyCreated(made.key().shown(), made.credential().text()));
  }

  private static Optional<ConcertException> refusal(
      Identity who, Role role, Optional<List<Permission>> permissions, Long expiresAt) {
    if (who.keyId().isPresent()) {
      return forbidden("An API key cannot create keys: sign in to create one.");
    }
    if (role.compareTo(who.role()) > 0) {
      return forbidden(
          "A key of yours cannot have the role '%s', since you are %s."
              .formatted(role.wireName(), who.role().wireName()));
    }
    Optional<Permission> missing =
        permissions.orElse(List.of()).stream()
            .filter(one -> !who.permissions().contains(one) || !one.grantedTo(role))
            .findFirst();
    if (missing.isPresent()) {
      return forbidden(
          "A key with the role '%s' that you create cannot have the permission '%s'."
              .formatted(role.wireName(), missing.get().wireName()));
    }
    return expiresAt != null && expiresAt <= System.currentTimeMillis()
        ? Optional.of(
            new ConcertException(
                ErrorCode.INVALID_MESSAGE, "The message is invalid: 'expiresAt' lies in the past."))
        : Optional.empty();
  }

  private static Optional<ConcertException> forbidden(String message) {
    return Optional.of(new ConcertException(ErrorCode.FORBIDDEN, message));
  }

  private Future<ServerEvent.KeyList> list(ApiRequest<KeyMessage.ListKeys> request) {
    Identity who = request.who();
    KeyMessage.ListKeys message = request.message();
    if (message.all() && !managesOthers(who)) {
      throw new ConcertException(
          ErrorCode.FORBIDDEN,
          "You lack the permission '%s' to see the keys of others."
              .formatted(Permission.MEMBERS_MANAGE.wireName()));
    }
    if (who.keyId().isPresent()) {
      return keys.find(who.tenantId(), who.keyId().get())
          .map(own -> new ServerEvent.KeyList(own.stream().map(StoredKey::shown).toList(), null));
    }
    return keys.list(
            who.tenantId(),
            message.all() ? Optional.empty() : Optional.of(who.userId()),
            Optional.ofNullable(message.cursor()).map(Cursor::parse),
            message.limit() + 1)
        .map(found -> page(found, message.limit()));
  }

  private static ServerEvent.KeyList page(List<StoredKey> found, int limit) {
    List<StoredKey> page = found.subList(0, Math.min(limit, found.size()));
    String next =
        found.size() > limit
            ? new Cursor(page.getLast().createdAt(), page.getLast().id()).wire()
            : null;
    return new ServerEvent.KeyList(page.stream().map(StoredKey::shown).toList(), next);
  }

  private Future<ServerEvent.KeyRevoked> revoke(ApiRequest<KeyMessage.RevokeKey> request) {
    Identity who = request.who();
    String keyId = request.message().keyId();
    return keys.find(who.tenantId(), keyId)
        .compose(
            key ->
                key.filter(one -> maySee(who, one)).isPresent()
                    ? keys.revoke(who.tenantId(), keyId, who.userId())
                    : Future.failedFuture(
                        new ConcertException(
                            ErrorCode.KEY_NOT_FOUND, "There is no API key of this id.")))
        .map(_ -> new ServerEvent.KeyRevoked(keyId));
  }

  /** The key of somebody else does not exist for who may not manage it. */
  private static boolean maySee(Identity who, StoredKey key) {
    return who.keyId()
        .map(key.id()::equals)
        .orElseGet(() -> key.createdBy().equals(who.userId()) || managesOthers(who));
  }

  private static boolean managesOthers(Identity who) {
    return who.keyId().isEmpty() && who.permissions().contains(Permission.MEMBERS_MANAGE);
  }
}
