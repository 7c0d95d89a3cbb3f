package dev.concert.automations.delivery;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.http.PublicAddresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Decides where webhooks may go: to servers of the public internet, by HTTPS, and to those that the
 * operator names. It decides about the addresses that a name resolves to, each time, and gives the
 * one to connect to, so that a name that changes its address in between gains nothing.
 */
final class WebhookTargets {
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  private final Vertx vertx;
  private final Set<String> privateTargets;
  private final AddressLookup lookup;

  /** Resolves a name; blocks. */
  @FunctionalInterface
  interface AddressLookup {
    List<InetAddress> resolve(String host) throws UnknownHostException;
  }

  /**
   * A server that may be reached.
   *
   * @param host its name
   * @param address the one to connect to
   */
  record WebhookTarget(boolean isEncrypted, String host, int port, InetAddress address, URI url) {
    /** What the request line says. */
    String requestUri() {
      String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
      return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    }
  }

  /** The name has no address, which may pass. */
  static final class UnresolvedException extends Exception {
    private static final long serialVersionUID = 1;

    private UnresolvedException(String host) {
      super("The name %s has no address.".formatted(host), null, false, false);
    }
  }

  WebhookTargets(Vertx vertx, Set<String> privateTargets) {
    this(vertx, privateTargets, host -> List.of(InetAddress.getAllByName(host)));
  }

  WebhookTargets(Vertx vertx, Set<String> privateTargets, AddressLookup lookup) {
    this.vertx = vertx;
    this.privateTargets = privateTargets;
    this.lookup = lookup;
  }

  /**
   * Finds the address of a webhook's host and checks it.
   *
   * @return fails with {@code INVALID_MESSAGE} if the address is forbidden, and with {@link
   *     UnresolvedException} if the name does not resolve
   */
  Future<WebhookTarget> resolve(String url) {
    URI parsed;
    try {
      parsed = parsed(url);
    } catch (ConcertException e) {
      return Future.failedFuture(e);
    }
    return vertx.executeBlocking(() -> resolve(parsed), false);
  }

  private URI parsed(String text) {
    try {
      URI url = new URI(text);
      String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
      if (!Set.of("http", "https").contains(scheme)
          || url.getHost() == null
          || url.getRawUserInfo() != null
          || url.getRawFragment() != null) {
        throw refused("must be like https://example.com/hooks, without a user and without a #");
      }
      if (scheme.equals("http") && !isNamed(url)) {
        throw refused("must begin with https: others on the way could read the items");
      }
      return url;
    } catch (URISyntaxException e) {
      throw refused("must be an address such as https://example.com/hooks");
    }
  }

  private boolean isNamed(URI url) {
    return privateTargets.contains(url.getHost() + ":" + port(url));
  }

  private static boolean isEncrypted(URI url) {
    return url.getScheme().equalsIgnoreCase("https");
  }

  private static int port(URI url) {
    return url.getPort() >= 0 ? url.getPort() : isEncrypted(url) ? HTTPS : HTTP;
  }

  private WebhookTarget resolve(URI url) throws UnresolvedException {
    String host = url.getHost();
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    List<InetAddress> all;
    try {
      all = lookup.resolve(name);
    } catch (UnknownHostException e) {
      throw new UnresolvedException(name);
    }
    // One private address among public ones is a trick as well.
    if (!isNamed(url) && !all.stream().allMatch(WebhookTargets::isPublic)) {
      throw refused(
          "is not on the public internet. The operator can allow it in"
              + " automations.delivery.privateTargets");
    }
    return new WebhookTarget(isEncrypted(url), name, port(url), all.getFirst(), url);
  }

  private static boolean isPublic(InetAddress address) {
    return PublicAddresses.contain(address) && !PublicAddresses.isOfThisHost(address);
  }

  /** Does not say what the name resolves to: that would tell about the network of the server. */
  private static ConcertException refused(String why) {
    return new ConcertException(
        ErrorCode.INVALID_MESSAGE, "The message is invalid: 'url' " + why + ".");
  }
}
