package dev.concert.gateway.auth;

import java.net.URI;
import java.util.Set;

/**
 * Which web pages may speak to a gateway that believes everybody.
 *
 * <p>A browser lets any page open a WebSocket to any host, and any name resolve to the loopback
 * address. So without authentication a page that a developer happens to visit could run commands
 * through their agents. A request is taken only when its {@code Host} is a loopback name or the
 * configured one, and its {@code Origin}, if there is one, is a loopback name or that same host.
 * Programs send no {@code Origin}.
 */
public final class OriginPolicy {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private final String configuredHost;

  /**
   * @param configuredHost the address that the gateway listens on
   */
  public OriginPolicy(String configuredHost) {
    this.configuredHost = configuredHost;
  }

  /** Either may be null when the request does not carry it. */
  public boolean allows(String origin, String host) {
    if (host == null || !isOurs(hostOf("http://" + host))) {
      return false;
    }
    return origin == null
        || isOurs(hostOf(origin))
        || hostOf(origin).equals(hostOf("http://" + host));
  }

  private boolean isOurs(String host) {
    return LOOPBACK.contains(host)
        || host.equals(configuredHost)
        || (configuredHost.equals("0.0.0.0") && !host.isEmpty());
  }

  private static String hostOf(String url) {
    try {
      String host = URI.create(url).getHost();
      return host == null ? "" : host;
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
