package dev.concert.gateway.auth.address;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The proxies that may say for whom a request is: setting {@code gateway.trustedProxies}. What
 * anybody else says in {@code X-Forwarded-For} or {@code Forwarded} (RFC 7239) counts for nothing.
 */
public record TrustedProxies(List<ProxyRange> ranges) {
  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  private static final String FORWARDED_FOR = "X-Forwarded-For";
  private static final String FORWARDED_PROTO = "X-Forwarded-Proto";
  private static final String FORWARDED = "Forwarded";

  /** No more proxies than this are one behind the other. */
  private static final int MOST_HOPS = 16;

  /**
   * @throws ConfigException for what is no address and no range of addresses
   */
  public static TrustedProxies from(ConfigReader section) {
    List<ProxyRange> ranges = new ArrayList<>();
    for (String text : section.texts("trustedProxies")) {
      ranges.add(
          ProxyRange.parse(text)
              .orElseThrow(
                  () ->
                      new ConfigException(
                          "gateway.trustedProxies",
                          "gateway.trustedProxies[%d] must be an address or a range such as 10.0.0.0/8."
                              .formatted(ranges.size()))));
    }
    return new TrustedProxies(List.copyOf(ranges));
  }

  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  public boolean includes(InetAddress address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }

  /** Whose request it is: the nearest address that is none of a trusted proxy. */
  public InetAddress clientOf(HttpServerRequest request) {
    return clientOf(peer(request), request.headers());
  }

  private static InetAddress peer(HttpServerRequest request) {
    return InetAddress.ofLiteral(request.remoteAddress().hostAddress());
  }

  InetAddress clientOf(InetAddress peer, MultiMap headers) {
    if (!includes(peer)) {
      return peer;
    }
    List<String> named = hops(headers, FORWARDED_FOR);
    List<String> standard = standardHops(headers, "for");
    if (!named.isEmpty() && !standard.isEmpty() && !named.equals(standard)) {
      // A proxy writes one of the two and passes the other on, as the client wrote it.
      return peer;
    }
    InetAddress client = peer;
    List<String> hops = named.isEmpty() ? standard : named;
    for (int i = hops.size() - 1; i >= Math.max(0, hops.size() - MOST_HOPS); i--) {
      Optional<InetAddress> hop = address(hops.get(i));
      if (hop.isEmpty()) {
        return client;
      }
      client = hop.get();
      if (!includes(client)) {
        return client;
      }
    }
    return client;
  }

  /** Whether a trusted proxy says that it got the request without TLS. */
  public boolean saysInTheClear(HttpServerRequest request) {
    if (!includes(peer(request))) {
      return false;
    }
    List<String> schemes = hops(request.headers(), FORWARDED_PROTO);
    List<String> standard = standardHops(request.headers(), "proto");
    return (!schemes.isEmpty() && schemes.getLast().equalsIgnoreCase("http"))
        || (!standard.isEmpty() && standard.getLast().equalsIgnoreCase("http"));
  }

  private static List<String> hops(MultiMap headers, String name) {
    return headers.getAll(name).stream()
        .flatMap(line -> Arrays.stream(line.split(",")))
        .map(String::strip)
        .filter(hop -> !hop.isEmpty())
        .toList();
  }

  /** {@code for=192.0.2.60;proto=http, for="[2001:db8::17]:4711"}. */
  private static List<String> standardHops(MultiMap headers, String parameter) {
    return hops(headers, FORWARDED).stream()
        .flatMap(hop -> Arrays.stream(hop.split(";")))
        .map(String::strip)
        .filter(pair -> pair.toLowerCase(Locale.ROOT).startsWith(parameter + "="))
        .map(pair -> pair.substring(parameter.length() + 1).replace("\"", ""))
        .toList();
  }

  /** Without the port that some proxies write, too. */
  private static Optional<InetAddress> address(String hop) {
    String host = hop;
    if (hop.startsWith("[") && hop.contains("]")) {
      host = hop.substring(1, hop.indexOf(']'));
    } else if (hop.indexOf(':') >= 0 && hop.indexOf(':') == hop.lastIndexOf(':')) {
      host = hop.substring(0, hop.indexOf(':'));
    }
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
