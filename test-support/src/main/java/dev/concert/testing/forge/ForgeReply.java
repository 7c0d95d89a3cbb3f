package dev.concert.testing.forge;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What a played API answers. */
record ForgeReply(int status, String body) {
  static ForgeReply ok(JsonObject body) {
    return of(200, body);
  }

  static ForgeReply created(JsonObject body) {
    return of(201, body);
  }

  static ForgeReply of(int status, JsonObject body) {
    return new ForgeReply(status, body.encode());
  }

  static ForgeReply list(List<JsonObject> all) {
    return new ForgeReply(200, new JsonArray(all).encode());
  }

  void send(HttpServerRequest request) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(body);
  }
}
