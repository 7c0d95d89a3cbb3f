package dev.concert.github.broker;

import dev.concert.foundation.http.PublicAddresses;
import dev.concert.foundation.proxy.OutboundProxies;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Decides to which servers the files of Git LFS go: to the forge, wherever that is, and to servers
 * of the public internet that it names. It decides about the addresses that a name resolves to, and
 * gives the one to connect to, so that a name that changes its address in between gains nothing.
 *
 * <p>Behind a proxy only the proxy can look up the names of the internet. What a name means in this
 * network is refused there, too, unless it is public; a name that has no address here is left to
 * the proxy.
 */
record LargeFileHosts(Vertx vertx, OutboundProxies proxies, AddressLookup lookup) {
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  /** Resolves a name; blocks. */
  @FunctionalInterface
  interface AddressLookup {
    List<InetAddress> resolve(String host) throws UnknownHostException;
  }

  LargeFileHosts(Vertx vertx, OutboundProxies proxies) {
    this(vertx, proxies, host -> List.of(InetAddress.getAllByName(host)));
  }

  /** Whether an address is one of the forge itself. */
  static boolean isForge(URI forge, String url) {
    return parsed(url).filter(at -> origin(at).equals(origin(forge))).isPresent();
  }

  /** A request to the forge, without its method. */
  RequestOptions request(String url) {
    return proxies.route(new RequestOptions().setAbsoluteURI(url));
  }

  /**
   * A request to an address that the forge named, without its method; fails with a {@link
   * RefusedPushException} where it must not be made.
   */
  Future<RequestOptions> request(LargeFileAddresses.Address address) {
    if (isForge(address.forge(), address.url())) {
      return Future.succeededFuture(request(address.url()));
    }
    return parsed(address.url())
        .map(url -> vertx.executeBlocking(() -> checked(url), false))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()))
        .compose(found -> found.map(Future::succeededFuture).orElseGet(LargeFileHosts::refused));
  }

  /** Does not say where it would have gone: that would tell about the network of the server. */
  private static <T> Future<T> refused() {
    return Future.failedFuture(
        new RefusedPushException(
            Optional.empty(),
            "The forge keeps this file at an address that is neither its own nor on the public"
                + " internet. Its operator can let the forge serve the files itself."));
  }

  /** Empty where the server is not public: one private address among public ones is a trick. */
  private Optional<RequestOptions> checked(URI url) {
    RequestOptions request = request(url.toString());
    boolean isProxied = request.getProxyOptions() != null;
    List<InetAddress> all = addresses(name(url), isProxied);
    if (!all.stream()
        .allMatch(one -> PublicAddresses.contain(one) && !PublicAddresses.isOfThisHost(one))) {
      return Optional.empty();
    }
    return isProxied
        ? Optional.of(request)
        : all.stream()
            .findFirst()
            .map(ip -> new InetSocketAddress(ip, port(url)))
            .map(SocketAddress::inetSocketAddress)
            .map(server -> new RequestOptions(request).setServer(server));
  }

  private List<InetAddress> addresses(String host, boolean isProxied) {
    try {
      return lookup.resolve(host);
    } catch (UnknownHostException e) {
      if (isProxied) {
        return List.of();
      }
      throw new RefusedPushException(
          Optional.empty(),
          "The server where the forge keeps this file cannot be found by its name. Try again.");
    }
  }

  private static Optional<URI> parsed(String text) {
    try {
      URI url = new URI(text);
      return url.getHost() != null
              && url.getRawUserInfo() == null
              && Set.of("http", "https").contains(scheme(url))
          ? Optional.of(url)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static String scheme(URI url) {
    return Optional.ofNullable(url.getScheme()).orElse("").toLowerCase(Locale.ROOT);
  }

  private static String name(URI url) {
    String host = url.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(URI url) {
    return url.getPort() >= 0 ? url.getPort() : scheme(url).equals("https") ? HTTPS : HTTP;
  }

  private static String origin(URI url) {
    return scheme(url) + "://" + url.getHost().toLowerCase(Locale.ROOT) + ":" + port(url);
  }
}
