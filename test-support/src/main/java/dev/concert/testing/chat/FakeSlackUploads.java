package dev.concert.testing.chat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/**
 * How a bot sends files to a {@link FakeSlack}: an address first, then the bytes, then the channel;
 * source: https://docs.slack.dev/messaging/working-with-files. Guarded by the latter.
 */
final class FakeSlackUploads {
  private static final String PATH = "/upload/";

  private final PlayedFiles files;
  private final Map<String, Upload> uploads = new HashMap<>();

  private record Upload(String name, int length, Buffer content) {}

  FakeSlackUploads(PlayedFiles files) {
    this.files = files;
  }

  JsonObject address(Map<String, String> fields, int port) {
    String name = fields.getOrDefault("filename", "");
    if (name.isEmpty() || !fields.getOrDefault("length", "").matches("[1-9]\\d*")) {
      return FakeSlack.invalid("[ERROR] missing required field: filename or length");
    }
    String id = "F0" + (uploads.size() + 1);
    uploads.put(id, new Upload(name, Integer.parseInt(fields.get("length")), null));
    return FakeSlack.ok()
        .put("upload_url", "http://127.0.0.1:%d%s%s".formatted(port, PATH, id))
        .put("file_id", id);
  }

  static boolean isUpload(HttpServerRequest request) {
    return request.path().startsWith(PATH);
  }

  /** Takes the bytes of a file; their number is the one that was said. */
  void take(HttpServerRequest request, Buffer content) {
    String id = request.path().substring(PATH.length());
    Upload upload = uploads.get(id);
    boolean isRight = upload != null && upload.length() == content.length();
    if (isRight) {
      uploads.put(id, new Upload(upload.name(), upload.length(), content));
    }
    request.response().setStatusCode(isRight ? 200 : 400).end(isRight ? "OK - " : "Bad Request");
  }

  JsonObject complete(Map<String, String> fields) {
    JsonArray shown = new JsonArray(fields.getOrDefault("files", "[]"));
    for (Object one : shown) {
      Upload upload = uploads.get(((JsonObject) one).getString("id"));
      if (upload == null || upload.content() == null) {
        return FakeSlack.error("file_not_found");
      }
      String thread = fields.getOrDefault("thread_ts", "");
      files.received(
          fields.get("channel_id") + (thread.isEmpty() ? "" : ":" + thread),
          upload.name(),
          upload.content());
    }
    return FakeSlack.ok().put("files", shown);
  }
}
