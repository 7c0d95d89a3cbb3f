package dev.concert.bridges.discord;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.concert.bridges.http.ChatHttp;
import dev.concert.bridges.http.ChatReply;
import dev.concert.bridges.platform.OutboundFile;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.multipart.MultipartForm;
import java.net.URI;

/**
 * Calls of Discord's REST API, once each. Tokens of interactions are in addresses, never logged.
 */
final class DiscordApi {
  static final int UNKNOWN_CHANNEL = 10003;
  static final int UNKNOWN_MESSAGE = 10008;
  static final int UNKNOWN_INTERACTION = 10062;
  static final int THREAD_IS_THERE = 160004;

  private final ChatHttp http;
  private final String base;

  /**
   * @param base with the version, for example {@code https://discord.com/api/v10}
   */
  DiscordApi(ChatHttp http, URI base) {
    this.http = http;
    this.base = base.toString().replaceAll("/+$", "");
  }

  Future<ChatReply> get(String token, String path) {
    return call(HttpMethod.GET, token, path, MissingNode.getInstance());
  }

  Future<ChatReply> post(String token, String path, JsonNode body) {
    return call(HttpMethod.POST, token, path, body);
  }

  Future<ChatReply> patch(String token, String path, JsonNode body) {
    return call(HttpMethod.PATCH, token, path, body);
  }

  /** The same with a file. */
  Future<ChatReply> post(String token, String path, JsonNode body, OutboundFile file) {
    MultipartForm form =
        MultipartForm.create()
            .attribute("payload_json", body.toString())
            .binaryFileUpload("files[0]", file.name(), file.content(), "application/octet-stream");
    return http.post(base + path, "Bot " + token, form);
  }

  private Future<ChatReply> call(HttpMethod method, String token, String path, JsonNode body) {
    return http.call(method, base + path, token.isEmpty() ? "" : "Bot " + token, body);
  }

  /** Discord's own code of a refusal; 0 for none. */
  static int code(ChatReply reply) {
    return reply instanceof ChatReply.Refused refused ? refused.body().path("code").asInt() : 0;
  }
}
