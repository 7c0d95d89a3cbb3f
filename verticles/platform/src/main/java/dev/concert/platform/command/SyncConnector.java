package dev.concert.platform.command;

import dev.concert.chronicle.replication.replica.Connector;
import dev.concert.chronicle.replication.transport.WebSocketTransport;
import dev.concert.chronicle.replication.wire.Transport;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;

/** The way to a session's workspace: the server's {@code /sync}. */
final class SyncConnector implements Connector {
  private final String session;
  private final URI address;
  private final Consumer<String> refused;

  /**
   * @param refused is told, in a sentence, that trying again is of no use
   */
  SyncConnector(String url, String session, Consumer<String> refused) {
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
              refused.accept("There is no session %s for you at this server.".formatted(session));
          case 400 -> refused.accept("%s is no session.".formatted(session));
          case 401, 403 ->
              refused.accept("The server does not let you sync session %s.".formatted(session));
          default -> {
            // The server may be better later.
          }
        }
      }
      throw e;
    }
  }

  private static Map<String, String> headers() {
    String token = System.getenv("CONCERT_TOKEN");
    return token == null || token.isBlank() ? Map.of() : Map.of("Authorization", "Bearer " + token);
  }
}
