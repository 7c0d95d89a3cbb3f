package dev.concert.ensemble.socket;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.Body;
import dev.concert.error.ConcertException;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a client says over a WebSocket. */
sealed interface ClientMessage {
  /** What may go into a log line without any care; as for {@code X-Request-ID}. */
  Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  record Auth(String apiKey) implements ClientMessage {
    @Override
    public String toString() {
      return "Auth";
    }
  }

  /**
   * A call.
   *
   * @param outlives whether its answer is wanted when the connection is gone
   * @param body the request as HTTP takes it, with more fields that are not looked at
   */
  record Request(String requestId, Optional<String> session, boolean outlives, ObjectNode body)
      implements ClientMessage {
    @Override
    public String toString() {
      return "Request " + requestId;
    }
  }

  record Cancel(String requestId) implements ClientMessage {}

  record Ping() implements ClientMessage {}

  /**
   * @throws ConcertException naming what is wrong
   */
  static ClientMessage read(String text) {
    ObjectNode body = Body.object(Buffer.buffer(text));
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
      default -> throw Body.wrong("type", "must be one of auth, request, cancel, ping");
    };
  }

  private static boolean outlives(ObjectNode body) {
    return switch (body.path("on_disconnect").asText("finish")) {
      case "finish" -> true;
      case "stop" -> false;
      default -> throw Body.wrong("on_disconnect", "must be finish or stop");
    };
  }

  private static String requestId(ObjectNode body) {
    String id = body.path("request_id").asText();
    if (!HARMLESS.matcher(id).matches()) {
      throw Body.wrong("request_id", "must be 1 to 128 letters, digits, or any of . _ : -");
    }
    return id;
  }
}
