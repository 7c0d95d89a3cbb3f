package dev.concert.gateway.connection;

import dev.concert.gateway.projection.WebSocketProtocol;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What a client said when it opened its WebSocket.
 *
 * @param address from where it comes
 * @param token that it showed at once; empty for a client that sends {@code authenticate}, or that
 *     needs no token
 * @param protocol that it asked for
 */
public record Handshake(
    InetAddress address, Optional<String> token, Optional<WebSocketProtocol> protocol) {

  /** Without the token, so that no log can hold it. */
  @Override
  public String toString() {
    return "Handshake[address=" + address + ", protocol=" + protocol + "]";
  }
}
