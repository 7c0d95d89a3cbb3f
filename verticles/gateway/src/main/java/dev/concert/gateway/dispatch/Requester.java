package dev.concert.gateway.dispatch;

import dev.concert.gateway.connection.Client;
import dev.concert.gateway.projection.EventProjection;
import dev.concert.gateway.projection.WebSocketProtocol;
import dev.concert.protocol.Identity;
import java.util.Optional;

/**
 * Who asks.
 *
 * @param identity empty for a client that is not authenticated yet
 * @param requestId that the caller gave the request
 * @param client the connection; empty where the transport has none that outlives the request
 * @param protocol in which the caller gets events
 * @param ifMatch value of {@code If-Match}: the versions of the thing in which the caller wants it
 *     changed; empty for any
 */
public record Requester(
    Optional<Identity> identity,
    Optional<String> requestId,
    Optional<Client> client,
    EventProjection protocol,
    Optional<String> ifMatch) {

  /** Who asks over a connection. */
  public static Requester of(Client client, Optional<String> requestId) {
    return new Requester(
        client.identity(), requestId, Optional.of(client), client.protocol(), Optional.empty());
  }

  /** Who is not known, and carries a token in the request. */
  public static Requester unknown() {
    return new Requester(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        WebSocketProtocol.VERSION_1,
        Optional.empty());
  }
}
