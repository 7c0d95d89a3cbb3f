package dev.concert.gateway.inference;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** A model's whole answer: its text, and the tokens that it took. */
public record Generation(String content, long inputTokens, long outputTokens) {
  static Generation of(JsonObject response) {
    StringBuilder text = new StringBuilder();
    JsonArray blocks = response.getJsonArray("blocks", new JsonArray());
    for (int i = 0; i < blocks.size(); i++) {
      text.append(textOf(blocks.getJsonObject(i)));
    }
    return new Generation(
        text.toString(),
        response.getLong("input_tokens", 0L),
        response.getLong("output_tokens", 0L));
  }

  /** The text of a block; empty for a block of another kind. */
  static String textOf(JsonObject block) {
    return "text".equals(block.getString("type")) ? block.getString("text", "") : "";
  }
}
