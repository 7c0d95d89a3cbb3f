package dev.concert.coordinator.egress.policy;

import java.net.URI;

/**
 * An HTTP server as a URL names it.
 *
 * @param host name, or an address without brackets
 * @param path prefix of all its paths, without a final slash; mostly empty
 */
public record HttpOrigin(boolean encrypted, String host, int port, String path) {

  /**
   * @param url {@code http} or {@code https}, with a host
   */
  public static HttpOrigin of(URI url) {
    boolean encrypted = "https".equalsIgnoreCase(url.getScheme());
    int usual = encrypted ? 443 : 80;
    String host = url.getHost();
    return new HttpOrigin(
        encrypted,
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        url.getPort() < 0 ? usual : url.getPort(),
        url.getRawPath() == null ? "" : url.getRawPath().replaceAll("/+$", ""));
  }
}
