package dev.concert.testing.chat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/** The store of a {@link FakeLinear}. Guarded by the latter. */
final class FakeLinearFiles {
  private static final String SIGNED = "x-goog-content-length-range";

  private final Map<String, JsonObject> wanted = new HashMap<>();
  private final Map<String, Buffer> files = new HashMap<>();

  static boolean isFile(HttpServerRequest request) {
    return request.path().startsWith("/uploads/");
  }

  /** A file that a person has in the store. */
  String put(String base, String id, String content) {
    files.put(id, Buffer.buffer(content));
    return base + "/uploads/" + id;
  }

  /** The content of the file at this address; empty if there is none. */
  String content(String url) {
    Buffer content = files.get(url.substring(url.lastIndexOf('/') + 1));
    return content == null ? "" : content.toString();
  }

  /** The answer to {@code fileUpload}. */
  JsonObject offer(String base, JsonObject variables) {
    String id = "asset-" + wanted.size();
    wanted.put(id, variables);
    return new JsonObject()
        .put("success", true)
        .put("lastSyncId", 1)
        .put(
            "uploadFile",
            new JsonObject()
                .put("filename", variables.getString("filename"))
                .put("contentType", variables.getString("contentType"))
                .put("size", variables.getInteger("size"))
                .put("uploadUrl", base + "/uploads/" + id)
                .put("assetUrl", base + "/uploads/" + id)
                .put(
                    "headers",
                    new JsonArray().add(new JsonObject().put("key", SIGNED).put("value", id))));
  }

  void answer(HttpServerRequest request, Buffer body, boolean isAllowed) {
    String id = request.path().substring("/uploads/".length());
    if (request.method() == HttpMethod.PUT) {
      JsonObject offered = wanted.get(id);
      boolean isAsOffered =
          offered != null
              && id.equals(request.getHeader(SIGNED))
              && offered.getString("contentType").equals(request.getHeader("Content-Type"))
              && offered.getInteger("size") == body.length();
      if (isAsOffered) {
        files.put(id, body);
      }
      request.response().setStatusCode(isAsOffered ? 200 : 403).end();
    } else if (!isAllowed || !files.containsKey(id)) {
      request.response().setStatusCode(isAllowed ? 404 : 401).end();
    } else {
      request.response().end(files.get(id));
    }
  }
}
