package dev.concert.ensemble.provider.upstream;

import java.net.InetAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses the proxy on the way to a server, by the variables that most programs read: {@code
 * HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, in upper or lower case.
 *
 * @param variables those that are set, in upper case; they may hold a password
 */
public record OutboundProxies(Map<String, String> variables) {
  /** Every server is called directly. */
  public static final OutboundProxies NONE = new OutboundProxies(Map.of());

  private static final String HTTPS_PROXY = "HTTPS_PROXY";
  private static final String HTTP_PROXY = "HTTP_PROXY";
  private static final String NO_PROXY = "NO_PROXY";

  /** Reads the variables of the environment. */
  public static OutboundProxies of(Map<String, String> environment) {
    Map<String, String> variables = new HashMap<>();
    for (String name : List.of(HTTPS_PROXY, HTTP_PROXY, NO_PROXY)) {
      Optional.ofNullable(environment.get(name))
          .or(() -> Optional.ofNullable(environment.get(name.toLowerCase(Locale.ROOT))))
          .map(String::strip)
          .filter(text -> !text.isEmpty())
          .ifPresent(text -> variables.put(name, text));
    }
    return new OutboundProxies(Map.copyOf(variables));
  }

  /**
   * The proxy on the way to this server; empty to call it directly. This host is always called
   * directly.
   *
   * @throws IllegalArgumentException that names a variable whose value is not the URL of a proxy
   */
  public Optional<OutboundProxy> to(URI server) {
    String host = server.getHost();
    if (host == null || isThisHost(host) || isDirect(host)) {
      return Optional.empty();
    }
    String variable = server.getScheme().equalsIgnoreCase("https") ? HTTPS_PROXY : HTTP_PROXY;
    return Optional.ofNullable(variables.get(variable))
        .map(text -> OutboundProxy.parse(variable, text));
  }

  private static boolean isThisHost(String host) {
    return host.equalsIgnoreCase("localhost")
        || DirectHosts.address(host).filter(InetAddress::isLoopbackAddress).isPresent();
  }

  private boolean isDirect(String host) {
    return Optional.ofNullable(variables.get(NO_PROXY))
        .filter(list -> DirectHosts.of(list).contain(host))
        .isPresent();
  }

  @Override
  public String toString() {
    return "OutboundProxies" + variables.keySet();
  }
}
