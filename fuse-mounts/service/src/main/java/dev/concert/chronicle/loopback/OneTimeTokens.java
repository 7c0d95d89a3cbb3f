package dev.concert.chronicle.loopback;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Secrets that each let one request in, presented as {@code Authorization: Bearer}, once and within
 * 30 s. Thread-safe.
 *
 * @param <T> what a request is let in for
 */
public final class OneTimeTokens<T> {
  private static final long TOKEN_MS = 30_000;
  private static final int TOKEN_BYTES = 32;
  private static final String BEARER = "Bearer ";

  private final Vertx vertx;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, T> expected = new ConcurrentHashMap<>();

  public OneTimeTokens(Vertx vertx) {
    this.vertx = vertx;
  }

  /** How many have been given out and neither used nor forgotten. */
  public int size() {
    return expected.size();
  }

  /** Gives out a new one. */
  public String issue(T what) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    expected.put(token, what);
    vertx.setTimer(TOKEN_MS, _ -> expected.remove(token));
    return token;
  }

  /**
   * What a request has a token for, which is used up by it; empty where it has none.
   *
   * @param path at which alone requests are let in
   */
  public Optional<T> take(HttpServerRequest request, String path) {
    String authorization = request.getHeader("Authorization");
    return authorization != null && authorization.startsWith(BEARER) && path.equals(request.path())
        ? Optional.ofNullable(expected.remove(authorization.substring(BEARER.length())))
        : Optional.empty();
  }
}
