package dev.concert.ensemble.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.compatible.OpenAiError;
import dev.concert.ensemble.socket.Wire;
import dev.concert.error.ErrorCode;
import io.vertx.core.http.UpgradeRejectedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The same question by every form of the API. */
final class KeyClient implements AutoCloseable {
  private static final long TOO_MUCH = 32 * 1024 * 1024 + 1;

  private static final String CHAT =
      "{\"model\":\"%s\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private final RunningEnsemble ensemble;
  private final List<Wire> wires = new ArrayList<>();

  KeyClient(RunningEnsemble ensemble) {
    this.ensemble = ensemble;
  }

  enum Form {
    GENERATE("/api/v1/generate", CHAT),
    STREAM("/api/v1/stream", CHAT),
    SOCKET(
        "/api/v1/ws",
        CHAT.replace("{\"model", "{\"type\":\"request\",\"request_id\":\"1\",\"model")),
    CHAT_COMPLETIONS("/v1/chat/completions", CHAT),
    RESPONSES("/v1/responses", "{\"model\":\"%s\",\"max_output_tokens\":10,\"input\":\"hi\"}"),
    MESSAGES("/v1/messages", CHAT),
    COUNT_TOKENS("/v1/messages/count_tokens", CHAT.replace("\"max_tokens\":10,", ""));

    private final String path;
    private final String body;

    Form(String path, String body) {
      this.path = path;
      this.body = body;
    }

    /** The vendor's word for a code of ours. */
    String code(String ours) {
      ErrorCode code = ErrorCode.valueOf(ours);
      return switch (this) {
        case GENERATE, STREAM, SOCKET -> ours;
        case CHAT_COMPLETIONS, RESPONSES -> OpenAiError.code(code);
        case MESSAGES, COUNT_TOKENS ->
            switch (code.httpStatus()) {
              case 401 -> "authentication_error";
              case 402 -> "billing_error";
              case 403 -> "permission_error";
              case 404 -> "not_found_error";
              case 413 -> "request_too_large";
              case 429 -> "rate_limit_error";
              default -> throw new IllegalArgumentException(ours);
            };
      };
    }

    private String code(JsonNode body) {
      String field = this == MESSAGES || this == COUNT_TOKENS ? "type" : "code";
      return body.path("error").path(field).asText();
    }
  }

  /**
   * @param retryAfterSeconds 0 where none is named
   */
  record Reply(Form form, int status, String body, long retryAfterSeconds) {
    String code() {
      return form.code(EnsembleClient.json(body));
    }
  }

  Reply ask(Form form, Optional<String> key) {
    return ask(form, key, "real");
  }

  Reply ask(Form form, Optional<String> key, String model) {
    String body = form.body.formatted(model);
    if (form == Form.SOCKET) {
      return overSocket(key, body);
    }
    HttpResponse<String> response = ensemble.client(key.orElse("")).post(form.path, body);
    return new Reply(
        form,
        response.statusCode(),
        response.body(),
        response.headers().firstValueAsLong("retry-after").orElse(0));
  }

  private Reply overSocket(Optional<String> key, String body) {
    try {
      Wire wire = new Wire(ensemble.port(), key);
      wires.add(wire);
      JsonNode last = wire.say(body).next();
      while (last.path("type").asText().equals("block")) {
        last = wire.next();
      }
      JsonNode error = last.path("error");
      return new Reply(
          Form.SOCKET,
          error.isMissingNode() ? 200 : ErrorCode.valueOf(error.path("code").asText()).httpStatus(),
          last.toString(),
          Math.ceilDiv(error.path("retry_after_ms").asLong(), 1000));
    } catch (UpgradeRejectedException refused) {
      return new Reply(Form.SOCKET, refused.getStatus(), refused.getBody().toString(), 0);
    }
  }

  /** Says that more will come than may, and sends none of it. */
  Reply announceTooMuch(Form form, String key) {
    try (Socket socket = new Socket("127.0.0.1", ensemble.port())) {
      socket.setSoTimeout(10_000);
      String head =
          "POST %s HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer %s\r\nConnection: close\r\n"
              + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n";
      socket
          .getOutputStream()
          .write(head.formatted(form.path, key, TOO_MUCH).getBytes(StandardCharsets.UTF_8));
      // Not to the end of the connection, which waits for what was announced.
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      int status = Integer.parseInt(answer.readLine().split(" ")[1]);
      int length = 0;
      for (String line = answer.readLine(); !line.isEmpty(); line = answer.readLine()) {
        if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
        }
      }
      char[] body = new char[length];
      for (int read = 0; read < length; ) {
        read += answer.read(body, read, length - read);
      }
      return new Reply(form, status, new String(body), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    wires.forEach(Wire::close);
  }
}
