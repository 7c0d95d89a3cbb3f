package dev.concert.ensemble.metrics;

import dev.concert.ensemble.access.TokenHash;
import dev.concert.ensemble.http.BearerToken;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who may read the metrics: everybody where Ensemble listens on loopback, else whoever has the
 * admin key or a key of the configuration. The keys of customers do not open them. Thread-safe.
 */
public final class MetricsAccess {
  private final boolean isOpen;
  private final Set<TokenHash> keys;

  /**
   * @param host on which Ensemble listens
   * @param adminKey a secret
   * @param apiKeys the configured ones, which are secrets
   */
  public MetricsAccess(String host, Optional<String> adminKey, List<String> apiKeys) {
    this.isOpen = isLoopback(host);
    this.keys =
        Stream.concat(adminKey.stream(), apiKeys.stream())
            .map(TokenHash::of)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** A name is taken for another machine's, except {@code localhost}. */
  private static boolean isLoopback(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    if (!host.matches("[0-9.]+") && !host.contains(":")) {
      return false;
    }
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /**
   * @throws ConcertException {@code UNAUTHENTICATED} or {@code FORBIDDEN}
   */
  void check(HttpServerRequest request) {
    if (isOpen) {
      return;
    }
    String sent =
        BearerToken.of(request)
            .orElseThrow(
                () ->
                    new ConcertException(
                        ErrorCode.UNAUTHENTICATED,
                        "The metrics need the admin key: 'Authorization: Bearer …'."));
    if (!keys.contains(TokenHash.of(sent))) {
      throw new ConcertException(ErrorCode.FORBIDDEN, "This key does not open the metrics.");
    }
  }
}
