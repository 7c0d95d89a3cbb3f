package dev.concert.ensemble.provider.upstream;

import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxy between Ensemble and a provider, from the variables that most programs read: {@code
 * HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}, in upper or lower case.
 *
 * @param url {@code http://host:port} or {@code socks5://host:port}, with user and password if
 *     needed; a secret
 */
public record OutboundProxy(URI url) {
  private static final int HTTP_PORT = 80;
  private static final int SOCKS_PORT = 1080;

  /**
   * The proxy for a provider's base URL; empty to call it directly. This host is always called
   * directly.
   *
   * @throws IllegalArgumentException that names a variable whose value is not the URL of a proxy
   */
  public static Optional<OutboundProxy> of(Map<String, String> environment, URI target) {
    if (target.getHost() == null || isDirect(environment, target.getHost())) {
      return Optional.empty();
    }
    String variable = target.getScheme().equalsIgnoreCase("https") ? "HTTPS_PROXY" : "HTTP_PROXY";
    return value(environment, variable).map(text -> new OutboundProxy(checked(variable, text)));
  }

  private static boolean isDirect(Map<String, String> environment, String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.equals("[::1]")
        || name.startsWith("127.")
        || value(environment, "NO_PROXY").stream()
            .flatMap(list -> Arrays.stream(list.split("[,\\s]+")))
            .anyMatch(entry -> covers(entry.toLowerCase(Locale.ROOT), name));
  }

  /** A domain stands for itself and all below it. */
  private static boolean covers(String entry, String host) {
    String domain = entry.replaceFirst(":\\d+$", "").replaceFirst("^\\*?\\.", "");
    return entry.equals("*")
        || (!domain.isEmpty() && (host.equals(domain) || host.endsWith("." + domain)));
  }

  private static URI checked(String variable, String text) {
    try {
      URI url = URI.create(text.contains("://") ? text : "http://" + text);
      if (url.getHost() != null && url.getScheme().matches("http|socks5h?")) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // The exception's message may contain the password; the message below does not.
    }
    throw new IllegalArgumentException(
        variable + " must be the URL of a proxy, such as http://proxy.example:3128.");
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .or(() -> Optional.ofNullable(environment.get(name.toLowerCase(Locale.ROOT))))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  public ProxyOptions options() {
    boolean socks = url.getScheme().startsWith("socks");
    ProxyOptions options =
        new ProxyOptions()
            .setType(socks ? ProxyType.SOCKS5 : ProxyType.HTTP)
            .setHost(url.getHost())
            .setPort(url.getPort() > 0 ? url.getPort() : socks ? SOCKS_PORT : HTTP_PORT);
    if (url.getUserInfo() != null) {
      String[] user = url.getUserInfo().split(":", 2);
      options.setUsername(user[0]).setPassword(user.length > 1 ? user[1] : "");
    }
    return options;
  }

  @Override
  public String toString() {
    return "OutboundProxy[host=" + url.getHost() + "]";
  }
}
