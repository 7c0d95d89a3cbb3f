package dev.concert.ensemble.access;

import java.security.SecureRandom;
import java.util.Base64;
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
  private static final String PREFIX = "ens_";
  private static final int TOKEN_BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final Map<TokenHash, Caller> callers = new ConcurrentHashMap<>();
  private final Map<String, TokenHash> instances = new ConcurrentHashMap<>();

  public AccessTokens(List<String> configuredKeys) {
    for (int i = 0; i < configuredKeys.size(); i++) {
      callers.put(TokenHash.of(configuredKeys.get(i)), new Caller.ConfiguredKey(i + 1));
    }
  }

  /** A fresh token for an instance. One it had before ends: an instance has one process. */
  public String open(String instanceId, String tenantId) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    TokenHash hash = TokenHash.of(token);
    callers.put(hash, new Caller.Instance(instanceId, tenantId));
    forget(instances.put(instanceId, hash));
    return token;
  }

  /** Ends the token of an instance; nothing happens when it has none. */
  public void close(String instanceId) {
    forget(instances.remove(instanceId));
  }

  public Optional<Caller> find(String token) {
    return Optional.ofNullable(callers.get(TokenHash.of(token)));
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
