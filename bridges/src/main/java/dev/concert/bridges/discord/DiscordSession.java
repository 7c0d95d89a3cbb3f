package dev.concert.bridges.discord;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.json.Json;
import java.util.Optional;

/**
 * A session at the gateway, which can be resumed.
 *
 * @param url where it is resumed
 * @param seq of the last event that was taken
 */
record DiscordSession(String id, String url, long seq) {
  DiscordSession at(long newSeq) {
    return new DiscordSession(id, url, newSeq);
  }

  String toJson() {
    try {
      return Json.MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A session cannot be written as JSON", e);
    }
  }

  /** Empty for what is no session, such as one that an older version kept. */
  static Optional<DiscordSession> ofJson(String json) {
    try {
      return Optional.of(Json.MAPPER.readValue(json, DiscordSession.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
