package dev.concert.ensemble.socket;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.error.ConcertException;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.regex.Pattern;

/** A message from a WebSocket client. */
sealed interface SocketRequest {
  /** Ids that are safe in a log line, as for {@code X-Request-ID}. */
  Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  record Auth(String apiKey) implements SocketRequest {
    @Override
    public String toString() {
      return "Auth";
    }
  }

  /**
   * A call.
   *
   * @param outlives whether the call goes on when the connection is gone
   * @param body the request as over HTTP, with further fields that are ignored
   */
  record Request(String requestId, Optional<String> session, boolean outlives, ObjectNode body)
      implements SocketRequest {
    @Override
    public String toString() {
      return "Request " + requestId;
    }
  }

  record Cancel(String requestId) implements SocketRequest {}

  record Ping() implements SocketRequest {}

  /**
   * Parses a message.
   *
   * @throws ConcertException naming what is wrong
   */
  static SocketRequest read(String text) {
    ObjectNode body = VendorJson.object(Buffer.buffer(text));
    return switch (body.path("type").asText()) {
      case "auth" -> new Auth(body.path("api_key").asText());
      case "request" ->
          new Request(
              requestId(body),
              Optional.of(body.path("session_id").asText()).filter(id -> !id.isEmpty()),
              outlives(body),
              body);
      case "cancel" -> new Cancel(requestId(body));
      case "ping" -> new Ping();
      default -> throw VendorJson.wrong("type", "must be one of auth, request, cancel, ping");
    };
  }

  private static boolean outlives(ObjectNode body) {
    return switch (body.path("on_disconnect").asText("finish")) {
      case "finish" -> true;
      case "stop" -> false;
      default -> throw VendorJson.wrong("on_disconnect", "must be finish or stop");
    };
  }

  private static String requestId(ObjectNode body) {
    String id = body.path("request_id").asText();
    if (!HARMLESS.matcher(id).matches()) {
      throw VendorJson.wrong("request_id", "must be 1 to 128 letters, digits, or any of . _ : -");
    }
    return id;
  }
}
