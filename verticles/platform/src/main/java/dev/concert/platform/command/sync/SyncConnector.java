package dev.concert.platform.command.sync;

import dev.concert.chronicle.replication.replica.Connector;
import dev.concert.chronicle.replication.transport.WebSocketTransport;
import dev.concert.chronicle.replication.wire.Transport;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Connects to a session's workspace at the server's {@code /sync}. */
public final class SyncConnector implements Connector {
  private final Optional<String> token;
  private final String session;
  private final URI address;
  private final Consumer<String> refused;

  /**
   * @param token that shows who the client is; empty for none
   * @param refused receives a sentence when trying again is pointless
   */
  public SyncConnector(
      String url, String session, Optional<String> token, Consumer<String> refused) {
    this.token = token;
    this.session = session;
    this.refused = refused;
    this.address =
        URI.create(
            url.replaceFirst("^http", "ws").replaceFirst("/+$", "")
                + "/sync?session="
                + URLEncoder.encode(session, StandardCharsets.UTF_8));
  }

  @Override
  public Transport connect() throws IOException {
    try {
      return WebSocketTransport.connect(address, headers());
    } catch (IOException e) {
      if (e.getCause() instanceof WebSocketHandshakeException answer) {
        int status = answer.getResponse().statusCode();
        switch (status) {
          case 404 ->
              refused.accept("This server has no session %s that you can use.".formatted(session));
          case 400 -> refused.accept("%s is not a session id.".formatted(session));
          case 401, 403 ->
              refused.accept("The server does not let you sync session %s.".formatted(session));
          default -> {
            // The server may recover.
          }
        }
      }
      throw e;
    }
  }

  private Map<String, String> headers() {
    return token.map(text -> Map.of("Authorization", "Bearer " + text)).orElseGet(Map::of);
  }
}
