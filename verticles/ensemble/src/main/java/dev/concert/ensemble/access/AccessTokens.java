package dev.concert.ensemble.access;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Authenticates bearer tokens. Tokens are kept as SHA-256 only, so an issued token cannot be read
 * back.
 *
 * <p>Lookup is by the hash, so its timing reveals nothing about a token. Thread-safe.
 */
public final class AccessTokens {
  private final TokenGenerator fresh = new TokenGenerator();
  private final IssuedKeys issued;
  private final Map<TokenHash, Caller> callers = new ConcurrentHashMap<>();
  private final Map<String, TokenHash> instances = new ConcurrentHashMap<>();

  public AccessTokens(List<String> configuredKeys, IssuedKeys issued) {
    this.issued = issued;
    for (int i = 0; i < configuredKeys.size(); i++) {
      TokenHash hash = TokenHash.of(configuredKeys.get(i));
      callers.put(hash, new Caller.ConfiguredKey(i + 1, hash));
    }
  }

  /**
   * Issues a token to an agent instance. An earlier token of the instance becomes invalid, because
   * an instance has one process.
   */
  public String open(String instanceId, String tenantId) {
    return reopen(instanceId, tenantId, fresh.next());
  }

  /**
   * Accepts a token that an earlier process issued to an agent instance. Nothing changes when it is
   * known.
   */
  public String reopen(String instanceId, String tenantId, String token) {
    TokenHash hash = TokenHash.of(token);
    callers.put(hash, new Caller.Instance(instanceId, tenantId));
    TokenHash before = instances.put(instanceId, hash);
    if (!hash.equals(before)) {
      forget(before);
    }
    return token;
  }

  /** Revokes the token of an instance, if it has one. */
  public void close(String instanceId) {
    forget(instances.remove(instanceId));
  }

  /**
   * Finds the caller that a token belongs to.
   *
   * @param token empty when the request had none
   * @throws ConcertException {@code UNAUTHENTICATED} or {@code AUTH_FAILED}
   */
  public Caller caller(Optional<String> token) {
    String sent =
        token.orElseThrow(
            () ->
                new ConcertException(
                    ErrorCode.UNAUTHENTICATED, "Send a token: 'Authorization: Bearer …'."));
    return find(sent)
        .orElseThrow(
            () ->
                new ConcertException(
                    ErrorCode.AUTH_FAILED, "This token is not, or no longer, valid."));
  }

  /**
   * Finds the caller that a token belongs to, with every change of keys until now. The future is
   * complete at once unless keys have changed or the token is unknown.
   *
   * @param token empty when the request had none
   * @return fails with {@code UNAUTHENTICATED} or {@code AUTH_FAILED}
   */
  public Future<Caller> authenticate(Optional<String> token) {
    Future<Void> fresh = issued.fresh();
    return fresh.isComplete() ? known(token) : fresh.compose(_ -> known(token));
  }

  private Future<Caller> known(Optional<String> token) {
    Optional<Caller> known = token.flatMap(this::find);
    if (known.isPresent() || token.isEmpty()) {
      return token.isEmpty() ? checked(token) : Future.succeededFuture(known.get());
    }
    return issued.reload().compose(_ -> checked(token));
  }

  private Future<Caller> checked(Optional<String> token) {
    try {
      return Future.succeededFuture(caller(token));
    } catch (ConcertException refused) {
      return Future.failedFuture(refused);
    }
  }

  private Optional<Caller> find(String token) {
    TokenHash hash = TokenHash.of(token);
    return Optional.ofNullable(callers.get(hash)).or(() -> issued.find(hash));
  }

  /** The number of instances that have a token. */
  public int openInstances() {
    return instances.size();
  }

  private void forget(TokenHash hash) {
    if (hash != null) {
      callers.remove(hash);
    }
  }
}
