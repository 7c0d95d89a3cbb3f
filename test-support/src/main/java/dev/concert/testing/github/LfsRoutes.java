package dev.concert.testing.github;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Git LFS beside a repository; the files are where git-lfs itself keeps them, so that it can check
 * them there. Its addresses are taken with their headers only.
 *
 * <p>Source: https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md and basic-transfers.md
 *
 * @param web where this server is
 * @param objects folder of the repository's files
 */
record LfsRoutes(String web, Path objects) {
  /** What a request to storage has to say; GitHub's begins so, too. */
  static final String STORAGE_LOGIN = "RemoteAuth ghl_played-storage-login";

  private static final String STORAGE = "/lfs-storage/";

  static boolean isFor(HttpServerRequest request) {
    return request.path().contains("/info/lfs/") || isStorage(request);
  }

  static boolean isStorage(HttpServerRequest request) {
    return request.path().contains(STORAGE);
  }

  /** Whether a request asks where files may be written. */
  static boolean isToWrite(HttpServerRequest request, Buffer body) {
    return request.path().endsWith("/info/lfs/objects/batch")
        && body.toJsonObject().getString("operation", "").equals("upload");
  }

  void answer(HttpServerRequest request, Buffer body) {
    if (isStorage(request)) {
      store(request, body);
    } else if (request.path().endsWith("/info/lfs/objects/batch")) {
      batch(request, body.toJsonObject());
    } else {
      send(request, 404, new JsonObject().put("message", "Not Found"));
    }
  }

  private void batch(HttpServerRequest request, JsonObject asked) {
    JsonArray found = new JsonArray();
    String base = web + request.path().replaceFirst("/info/lfs/objects/batch$", STORAGE);
    for (Object each : asked.getJsonArray("objects")) {
      JsonObject one = (JsonObject) each;
      JsonObject shown = new JsonObject().put("oid", one.getString("oid"));
      boolean isThere = Files.exists(file(one.getString("oid")));
      JsonObject address =
          new JsonObject()
              .put("href", base + one.getString("oid"))
              .put("header", new JsonObject().put("Authorization", STORAGE_LOGIN))
              .put("expires_in", 900);
      JsonObject actions = new JsonObject();
      if (asked.getString("operation").equals("upload") && !isThere) {
        actions.put("upload", address);
        actions.put("verify", address.copy().put("href", base + one.getString("oid") + "/verify"));
      } else if (asked.getString("operation").equals("download")) {
        actions.put("download", address);
      }
      found.add(shown.put("size", one.getLong("size")).put("actions", actions));
    }
    send(request, 200, new JsonObject().put("transfer", "basic").put("objects", found));
  }

  private void store(HttpServerRequest request, Buffer body) {
    String[] parts = request.path().substring(request.path().indexOf(STORAGE)).split("/");
    Path file = file(parts[2]);
    if (!STORAGE_LOGIN.equals(request.getHeader("Authorization"))) {
      send(request, 401, new JsonObject().put("message", "Bad credentials"));
    } else if (request.method().name().equals("PUT")) {
      write(request, file, body);
    } else if (parts.length > 3) {
      boolean isThere = size(file) == body.toJsonObject().getLong("size");
      send(request, isThere ? 200 : 404, new JsonObject());
    } else {
      request.response().sendFile(file.toString());
    }
  }

  private static void write(HttpServerRequest request, Path file, Buffer body) {
    if (!hash(body.getBytes()).equals(file.getFileName().toString())) {
      send(request, 422, new JsonObject().put("message", "Not its SHA-256"));
      return;
    }
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, body.getBytes());
      request.response().end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : -1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("Every Java platform has SHA-256", e);
    }
  }

  private Path file(String object) {
    return objects.resolve(object.substring(0, 2)).resolve(object.substring(2, 4)).resolve(object);
  }

  private static void send(HttpServerRequest request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/vnd.git-lfs+json")
        .end(body.encode());
  }
}
