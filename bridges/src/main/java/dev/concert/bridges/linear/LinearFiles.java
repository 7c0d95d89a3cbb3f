package dev.concert.bridges.linear;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.bridges.http.ChatFiles;
import dev.concert.bridges.http.ChatHttp;
import dev.concert.bridges.http.ChatNetwork;
import dev.concert.bridges.http.ChatReply;
import dev.concert.bridges.platform.OutboundFile;
import dev.concert.bridges.platform.SentFile;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Files in Linear: a text links to them, and they are in Linear's own store. Source:
 * https://linear.app/developers/how-to-upload-a-file-to-linear.
 */
final class LinearFiles {
  private static final String UPLOAD =
      "mutation fileUpload($contentType: String!, $filename: String!, $size: Int!)"
          + " { fileUpload(contentType: $contentType, filename: $filename, size: $size)"
          + " { success uploadFile { uploadUrl assetUrl headers { key value } } } }";

  private static final String TYPE = "application/octet-stream";
  private static final Set<String> STORE = Set.of("uploads.linear.app");
  private static final Pattern LINK =
      Pattern.compile("!?\\[([^\\[\\]\\n]{0,200})]\\((https?://[^\\s()]{1,1000})\\)");

  private final LinearApi api;
  private final ChatFiles files;
  private final ChatHttp http;
  private final URI base;

  /**
   * @param base of Linear's API
   */
  LinearFiles(ChatNetwork network, LinearApi api, URI base) {
    this.api = api;
    this.files = network.files();
    this.http = network.http();
    this.base = base;
  }

  /** The files that a text links to. */
  List<SentFile> linked(String text) {
    List<SentFile> linked = new ArrayList<>();
    LINK.matcher(text)
        .results()
        .filter(link -> ChatFiles.isOf(link.group(2), base, STORE))
        .forEach(link -> linked.add(new SentFile(link.group(1), "", 0, link.group(2))));
    return linked;
  }

  Future<Buffer> fetch(Map<String, String> secrets, SentFile file, int maxBytes) {
    return api.authorization(secrets)
        .compose(authorization -> files.fetch(file.reference(), authorization, maxBytes));
  }

  /**
   * Brings a file into the store.
   *
   * @return an {@code Ok} has its address as {@code assetUrl}
   */
  Future<ChatReply> upload(Map<String, String> secrets, OutboundFile file) {
    ObjectNode variables =
        Json.MAPPER
            .createObjectNode()
            .put("contentType", TYPE)
            .put("filename", file.name())
            .put("size", file.content().length());
    return api.call(secrets, UPLOAD, variables)
        .compose(
            reply ->
                reply instanceof ChatReply.Ok ok
                    ? put(ok.body().path("fileUpload").path("uploadFile"), file.content())
                    : Future.succeededFuture(reply));
  }

  /** Nothing is seen before an activity names the file, so a file that is lost does no harm. */
  private Future<ChatReply> put(JsonNode given, Buffer content) {
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", TYPE);
    headers.put("Cache-Control", "public, max-age=31536000");
    for (JsonNode header : given.path("headers")) {
      headers.put(header.path("key").asText(""), header.path("value").asText(""));
    }
    return http.put(given.path("uploadUrl").asText(""), headers, content)
        .map(
            reply ->
                reply instanceof ChatReply.Ok
                    ? new ChatReply.Ok(given, Duration.ZERO)
                    : new ChatReply.Unreached("Linear's store does not take the file"));
  }
}
