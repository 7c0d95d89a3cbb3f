package dev.concert.foundation.proxy;

import dev.concert.foundation.config.ConfigException;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.URI;

/**
 * A proxy between this one and other servers.
 *
 * @param url {@code http://host:port} or {@code socks5://host:port}, with user and password if
 *     needed; a secret
 */
record OutboundProxy(URI url) {
  private static final int HTTP_PORT = 80;
  private static final int SOCKS_PORT = 1080;

  /**
   * @param variable where the text comes from, for the refusal
   * @throws ConfigException if it is not the URL of a proxy
   */
  static OutboundProxy parse(String variable, String text) {
    try {
      URI url = URI.create(text.contains("://") ? text : "http://" + text);
      if (url.getHost() != null && url.getScheme().matches("http|socks5h?")) {
        return new OutboundProxy(url);
      }
    } catch (IllegalArgumentException e) {
      // The exception's message may contain the password; the message below does not.
    }
    throw new ConfigException(
        variable + " must be the URL of a proxy, such as http://proxy.example:3128.");
  }

  ProxyOptions options() {
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
