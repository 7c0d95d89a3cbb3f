package dev.concert.gateway.http;

import dev.concert.error.ErrorCode;
import dev.concert.foundation.http.StrictWebSocket;
import dev.concert.gateway.auth.HttpIdentity;
import dev.concert.gateway.auth.SessionCookie;
import dev.concert.gateway.auth.address.TrustedProxies;
import dev.concert.gateway.connection.Connection;
import dev.concert.gateway.connection.Handshake;
import dev.concert.gateway.projection.WebSocketProtocol;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET /ws}. A client may show its token in the handshake: in {@code Authorization},
 * or, since pages cannot set that header, as the subprotocol {@code concert.bearer.TOKEN} beside
 * {@code concert.v1} or {@code concert.v2}, of which the server accepts one. It never sends the
 * token back.
 */
final class UpgradeHandler implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger(UpgradeHandler.class);
  private static final String SUBPROTOCOLS = "Sec-WebSocket-Protocol";
  private static final String BEARER = "concert.bearer.";
  private static final Map<String, Integer> VERSIONS = Map.of("concert.v1", 1, "concert.v2", 2);

  private final TrustedProxies proxies;
  private final BiConsumer<StrictWebSocket, Handshake> onSocket;

  UpgradeHandler(TrustedProxies proxies, BiConsumer<StrictWebSocket, Handshake> onSocket) {
    this.proxies = proxies;
    this.onSocket = onSocket;
  }

  /** Those that the server accepts. */
  static List<String> subprotocols() {
    return VERSIONS.keySet().stream().sorted().toList();
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
      ProblemResponse.refuse(
          context, ErrorCode.INVALID_MESSAGE, "This path takes WebSocket upgrades only.");
      return;
    }
    if (!"13".equals(request.getHeader("Sec-WebSocket-Version"))) {
      context.response().putHeader("Sec-WebSocket-Version", "13");
      ProblemResponse.refuse(
          context, ErrorCode.INVALID_MESSAGE, "This path speaks version 13 of WebSocket only.");
      return;
    }
    Handshake handshake = read(request);
    StrictWebSocket.accept(request, Connection.MAX_READ)
        .onSuccess(socket -> onSocket.accept(socket, handshake))
        .onFailure(
            failure -> {
              LOG.debug("No WebSocket came of a request to /ws", failure);
              ProblemResponse.refuse(
                  context, ErrorCode.INVALID_MESSAGE, "The handshake is not that of RFC 6455.");
            });
  }

  private Handshake read(HttpServerRequest request) {
    List<String> offered =
        request.headers().getAll(SUBPROTOCOLS).stream()
            .flatMap(line -> Arrays.stream(line.split(",")))
            .map(String::strip)
            .toList();
    List<String> known = offered.stream().filter(VERSIONS::containsKey).toList();
    // What is left cannot be logged or sent back by what reads the header after this.
    if (known.isEmpty()) {
      request.headers().remove(SUBPROTOCOLS);
    } else {
      request.headers().set(SUBPROTOCOLS, String.join(",", known));
    }
    Optional<String> token =
        offered.stream()
            .filter(one -> one.startsWith(BEARER))
            .map(one -> one.substring(BEARER.length()))
            .findFirst();
    return new Handshake(
        proxies.clientOf(request),
        HttpIdentity.bearer(request).or(() -> token).or(() -> SessionCookie.tokenOf(request)),
        Stream.concat(known.stream().map(VERSIONS::get), asked(request).stream())
            .findFirst()
            .map(WebSocketProtocol::ofVersion));
  }

  /** {@code ?protocol=2}: for clients that send no {@code authenticate}. */
  private static Optional<Integer> asked(HttpServerRequest request) {
    return Optional.ofNullable(request.getParam("protocol"))
        .filter(asked -> asked.equals("1") || asked.equals("2"))
        .map(Integer::parseInt);
  }
}
