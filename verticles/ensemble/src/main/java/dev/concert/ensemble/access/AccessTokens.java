package dev.concert.ensemble.access;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who may call. Tokens are kept as SHA-256 only: what was issued cannot be read back.
 *
 * <p>Lookup is by the hash, so its time tells nothing about a token. Thread-safe.
 */
public final class AccessTokens {
  private final FreshToken fresh = new FreshToken();
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

  /** A fresh token for an instance. One it had before ends: an instance has one process. */
  public String open(String instanceId, String tenantId) {
    String token = fresh.next();
    TokenHash hash = TokenHash.of(token);
    callers.put(hash, new Caller.Instance(instanceId, tenantId));
    forget(instances.put(instanceId, hash));
    return token;
  }

  /** Ends the token of an instance; nothing happens when it has none. */
  public void close(String instanceId) {
    forget(instances.remove(instanceId));
  }

  /**
   * Who sends this token.
   *
   * @param token empty: none was sent
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

  private Optional<Caller> find(String token) {
    TokenHash hash = TokenHash.of(token);
    return Optional.ofNullable(callers.get(hash)).or(() -> issued.find(hash));
  }

  /** How many instances have a token. */
  public int openInstances() {
    return instances.size();
  }

  private void forget(TokenHash hash) {
    if (hash != null) {
      callers.remove(hash);
    }
  }
}
