package dev.concert.bridges.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.concert.bridges.platform.OutboundFile;
import dev.concert.json.Json;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;

/** Sends a file to Slack: asks for an address, sends the bytes there, and shows it in a channel. */
final class SlackUpload {
  private final SlackApi api;
  private final String token;

  SlackUpload(SlackApi api, String token) {
    this.api = api;
    this.token = token;
  }

  /**
   * Sends it; nothing is seen before the last of the three calls, whose answer this is.
   *
   * @param thread empty for none
   */
  Future<SlackReply> send(String channel, String thread, OutboundFile file) {
    return api.call(
            token,
            "files.getUploadURLExternal",
            Map.of("filename", file.name(), "length", Integer.toString(file.content().length())))
        .compose(
            reply ->
                switch (reply) {
                  case SlackReply.Ok ok -> upload(ok.body(), channel, thread, file);
                  case SlackReply.Unknown unknown ->
                      Future.succeededFuture(new SlackReply.Unreached(unknown.reason()));
                  case SlackReply other -> Future.succeededFuture(other);
                });
  }

  private Future<SlackReply> upload(
      JsonNode given, String channel, String thread, OutboundFile file) {
    return api.upload(given.path("upload_url").asText(""), file.content())
        .compose(
            isThere ->
                isThere
                    ? show(given.path("file_id").asText(""), channel, thread, file)
                    : Future.succeededFuture(new SlackReply.Unreached("upload")));
  }

  private Future<SlackReply> show(String id, String channel, String thread, OutboundFile file) {
    ArrayNode files = Json.MAPPER.createArrayNode();
    files.addObject().put("id", id).put("title", file.name());
    Map<String, String> fields = new HashMap<>();
    fields.put("files", files.toString());
    fields.put("channel_id", channel);
    if (!thread.isEmpty()) {
      fields.put("thread_ts", thread);
    }
    if (!file.comment().isEmpty()) {
      fields.put("initial_comment", file.comment());
    }
    return api.call(token, "files.completeUploadExternal", fields);
  }
}
