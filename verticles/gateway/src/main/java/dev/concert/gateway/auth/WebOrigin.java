package dev.concert.gateway.auth;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * An origin of web pages (RFC 6454): scheme, host and port, in one spelling.
 *
 * @param scheme {@code http} or {@code https}
 * @param host in lower case, an IPv6 address in brackets
 */
record WebOrigin(String scheme, String host, int port) {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /** Reads {@code https://box.example:8443}; empty for anything that is no such origin. */
  static Optional<WebOrigin> parse(String text) {
    try {
      URI url = URI.create(text);
      if (url.getScheme() == null || url.getHost() == null || !isBare(url)) {
        return Optional.empty();
      }
      String scheme = url.getScheme().toLowerCase(Locale.ROOT);
      return switch (scheme) {
        case "http" -> Optional.of(of(scheme, url, HTTP_PORT));
        case "https" -> Optional.of(of(scheme, url, HTTPS_PORT));
        default -> Optional.empty();
      };
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static WebOrigin of(String scheme, URI url, int defaultPort) {
    return new WebOrigin(
        scheme,
        url.getHost().toLowerCase(Locale.ROOT),
        url.getPort() < 0 ? defaultPort : url.getPort());
  }

  private static boolean isBare(URI url) {
    return url.getRawUserInfo() == null
        && url.getRawPath().isEmpty()
        && url.getRawQuery() == null
        && url.getRawFragment() == null;
  }

  /** As a browser writes it. */
  String text() {
    boolean isDefault = port == (scheme.equals("http") ? HTTP_PORT : HTTPS_PORT);
    return scheme + "://" + host + (isDefault ? "" : ":" + port);
  }

  /**
   * Whether a request for a page of this origin would have this header.
   *
   * @param authority the {@code Host} of a request
   */
  boolean isAddressedBy(String authority) {
    return parse(scheme + "://" + authority).filter(this::equals).isPresent();
  }
}
