package dev.concert.coordinator.egress;

import dev.concert.coordinator.egress.policy.Destination;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * What a request asks the proxy for.
 *
 * @param path of plain HTTP in the form that the server receives, with its query; empty for CONNECT
 */
record ProxyTarget(Destination destination, String path) {

  /** Empty when the request has neither the authority nor the absolute form (RFC 9112, 3.2). */
  static Optional<ProxyTarget> of(HttpServerRequest request) {
    return request.method() == HttpMethod.CONNECT
        ? Destination.parse(request.uri()).map(wanted -> new ProxyTarget(wanted, ""))
        : absolute(request.uri());
  }

  private static Optional<ProxyTarget> absolute(String uri) {
    try {
      URI target = new URI(uri);
      if (!"http".equalsIgnoreCase(target.getScheme())
          || target.getHost() == null
          || target.getRawUserInfo() != null) {
        return Optional.empty();
      }
      int port = target.getPort() < 0 ? 80 : target.getPort();
      String path = target.getRawPath().isEmpty() ? "/" : target.getRawPath();
      String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
      return Destination.parse(target.getHost() + ":" + port)
          .map(wanted -> new ProxyTarget(wanted, path + query));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
