package dev.concert.gateway.auth;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides which web pages may use the gateway.
 *
 * <p>A browser lets any page open a WebSocket to any host, and any name resolve to the loopback
 * address. So a page that a developer happens to visit, or that another program of their machine
 * serves, could run commands through their agents. A request is accepted when it is addressed to
 * this server ({@code Host}), and comes from the page that this server serves under that very
 * address, or from a configured origin. Programs send neither {@code Origin} nor {@code
 * Sec-Fetch-Site}: {@link LocalCallers} decides about them.
 */
public final class OriginPolicy {
  private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");

  /**
   * What a link of another site may open: the page, the returns from a sign-in and from GitHub,
   * shared links.
   */
  private static final Set<String> PAGES =
      Set.of(
          "/",
          "/index.html",
          "/api/docs",
          "/auth/callback",
          "/github/manifest/callback",
          "/github/oauth/callback",
          "/github/setup");

  private static final String SHARED = "/shared/";

  private final List<String> names;
  private final List<WebOrigin> configured;

  /** Of the server's own page. */
  private final String scheme;

  /**
   * @param origins that may use the gateway beside its own page, each as {@code scheme://host:port}
   */
  public OriginPolicy(List<String> origins) {
    this(origins, false);
  }

  /**
   * @param isOverTls whether the server's own page is
   */
  public OriginPolicy(List<String> origins, boolean isOverTls) {
    this.scheme = isOverTls ? "https" : "http";
    this.names = List.copyOf(origins);
    this.configured =
        origins.stream().map(WebOrigin::parse).flatMap(Optional::stream).distinct().toList();
  }

  /**
   * What the policy looks at of a request. The texts are null where the request lacks the header.
   *
   * @param port that the request came to
   * @param path without the query
   */
  public record Headers(
      String method,
      int port,
      String path,
      String host,
      String origin,
      String fetchSite,
      String fetchMode,
      String fetchDest) {}

  /** The origins that may use the gateway beside its own page. */
  public List<String> configured() {
    return names;
  }

  /** Whether pages of this origin may use the gateway beside its own. */
  public boolean isConfigured(String origin) {
    return WebOrigin.parse(origin).filter(configured::contains).isPresent();
  }

  public boolean allows(Headers request) {
    if (request.host() == null) {
      return false;
    }
    Optional<WebOrigin> own = own(request);
    if (own.isEmpty() && configured.stream().noneMatch(one -> one.isAddressedBy(request.host()))) {
      return false;
    }
    if (request.origin() == null) {
      return isFetchedFromHere(request) || isNavigation(request);
    }
    Optional<WebOrigin> origin = WebOrigin.parse(request.origin());
    return origin.filter(configured::contains).isPresent()
        || (origin.isPresent() && origin.equals(own) && isFetchedFromHere(request));
  }

  /**
   * The origin of the page that a request for this host sees. The host was allowed before.
   *
   * @param host header of the request
   * @param tls whether this server itself ended TLS
   */
  public String originOf(String host, boolean tls) {
    return configured.stream()
        .filter(one -> one.isAddressedBy(host))
        .findFirst()
        .map(WebOrigin::text)
        .orElse((tls ? "https://" : "http://") + host);
  }

  /** The origin of this server's own page under the address that the request was sent to. */
  private Optional<WebOrigin> own(Headers request) {
    return loopback(request.port()).filter(one -> one.isAddressedBy(request.host())).findFirst();
  }

  private Stream<WebOrigin> loopback(int port) {
    return LOOPBACK.stream().map(host -> new WebOrigin(scheme, host, port));
  }

  private static boolean isFetchedFromHere(Headers request) {
    return request.fetchSite() == null
        || request.fetchSite().equals("same-origin")
        || request.fetchSite().equals("none");
  }

  private static boolean isNavigation(Headers request) {
    return request.method().equals("GET")
        && "navigate".equals(request.fetchMode())
        && "document".equals(request.fetchDest())
        && (PAGES.contains(request.path()) || request.path().startsWith(SHARED));
  }
}
