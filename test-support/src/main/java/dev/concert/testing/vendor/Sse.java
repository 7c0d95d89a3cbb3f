package dev.concert.testing.vendor;

import io.vertx.core.json.JsonObject;

/** Server-sent events as text. */
final class Sse {
  private Sse() {}

  static String data(JsonObject data) {
    return "data: " + data.encode() + "\n\n";
  }

  /** With the data's {@code type} as the event's name. */
  static String named(JsonObject data) {
    return "event: " + data.getString("type") + "\n" + data(data);
  }
}
