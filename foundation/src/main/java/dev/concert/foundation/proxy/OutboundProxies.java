package dev.concert.foundation.proxy;

import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ProxyOptions;
import java.net.InetAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses the proxy on the way to a server, by the variables that most programs read: {@code
 * HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, in upper or lower case.
 */
public final class OutboundProxies {
  /** Every server is called directly. */
  public static final OutboundProxies NONE = new OutboundProxies(Map.of(), DirectHosts.of(""));

  private static final String HTTPS_PROXY = "HTTPS_PROXY";
  private static final String HTTP_PROXY = "HTTP_PROXY";
  private static final String NO_PROXY = "NO_PROXY";
  private static final Set<String> ENCRYPTED = Set.of("https", "wss");

  private final Map<String, OutboundProxy> proxies;
  private final DirectHosts direct;

  /**
   * @param proxies by the variable that names them
   */
  private OutboundProxies(Map<String, OutboundProxy> proxies, DirectHosts direct) {
    this.proxies = Map.copyOf(proxies);
    this.direct = direct;
  }

  /**
   * Reads the variables of the environment.
   *
   * @throws dev.concert.foundation.config.ConfigException that names a variable whose value is not
   *     the URL of a proxy
   */
  public static OutboundProxies of(Map<String, String> environment) {
    Map<String, OutboundProxy> proxies = new HashMap<>();
    for (String name : List.of(HTTPS_PROXY, HTTP_PROXY)) {
      variable(environment, name)
          .ifPresent(text -> proxies.put(name, OutboundProxy.parse(name, text)));
    }
    return new OutboundProxies(proxies, DirectHosts.of(variable(environment, NO_PROXY).orElse("")));
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .or(() -> Optional.ofNullable(environment.get(name.toLowerCase(Locale.ROOT))))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  /**
   * The proxy on the way to this server; empty to call it directly. This host is always called
   * directly.
   */
  public Optional<ProxyOptions> to(URI server) {
    return Optional.ofNullable(server.getHost())
        .flatMap(host -> to(host, ENCRYPTED.contains(server.getScheme().toLowerCase(Locale.ROOT))));
  }

  /**
   * Like {@link #to(URI)}.
   *
   * @param host of a URL; an IPv6 address stands in brackets
   * @param encrypted whether the server is called by TLS
   */
  public Optional<ProxyOptions> to(String host, boolean encrypted) {
    return isThisHost(host) || direct.contain(host)
        ? Optional.empty()
        : Optional.ofNullable(proxies.get(encrypted ? HTTPS_PROXY : HTTP_PROXY))
            .map(OutboundProxy::options);
  }

  /** Sends a request, whose server is set, through the proxy on the way to that server. */
  public <R extends RequestOptions> R route(R request) {
    to(request.getHost(), Boolean.TRUE.equals(request.isSsl())).ifPresent(request::setProxyOptions);
    return request;
  }

  private static boolean isThisHost(String host) {
    return host.equalsIgnoreCase("localhost")
        || DirectHosts.address(host).filter(InetAddress::isLoopbackAddress).isPresent();
  }

  /** Without what the variables hold, which may be a password. */
  @Override
  public String toString() {
    return "OutboundProxies" + proxies.keySet();
  }
}
