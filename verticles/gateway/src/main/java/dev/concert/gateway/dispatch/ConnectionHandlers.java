package dev.concert.gateway.dispatch;

import dev.concert.contract.ContractTable;
import dev.concert.contract.WireProtocol;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.gateway.auth.address.AuthenticationRate;
import dev.concert.gateway.projection.WebSocketProtocol;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.ServerEvent;
import io.vertx.core.Future;

/** Answers what concerns the connection itself. */
public record ConnectionHandlers(Authenticator authenticator, AuthenticationRate rate) {

  public void register(Handlers handlers) {
    handlers
        .serve(ContractTable.AUTHENTICATE, this::authenticate)
        .serve(ContractTable.PING, ConnectionHandlers::ping);
  }

  private Future<ServerEvent.Authenticated> authenticate(
      ApiRequest<ClientMessage.Authenticate> request) {
    Integer version = request.message().protocolVersion();
    if (version != null && !WireProtocol.VERSIONS.contains(version)) {
      throw new ConcertException(
          ErrorCode.PROTOCOL_VERSION_MISMATCH,
          "This server speaks the versions " + WireProtocol.VERSIONS + ".");
    }
    return rate.limit(
            request.client().address(), () -> authenticator.authenticate(request.message().token()))
        .map(
            shown -> {
              request.client().identify(shown);
              if (version != null) {
                request.client().speak(WebSocketProtocol.ofVersion(version));
              }
              return new ServerEvent.Authenticated(shown.identity());
            });
  }

  private static Future<ServerEvent.Pong> ping(ApiRequest<ClientMessage.Ping> request) {
    return Future.succeededFuture(
        new ServerEvent.Pong(request.message().ts(), System.currentTimeMillis()));
  }
}
