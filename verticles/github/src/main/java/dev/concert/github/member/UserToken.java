package dev.concert.github.member;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.json.Json;
import java.io.IOException;
import java.time.Instant;

/**
 * The token of a person, as an App has it. Both texts are secrets.
 *
 * @param refresh with which GitHub gives the next one; empty where this one does not end
 * @param expiresMs Unix milliseconds; {@link Long#MAX_VALUE} where it does not end
 * @param connectionId of the App
 */
record UserToken(String access, String refresh, long expiresMs, String connectionId) {
  static UserToken of(JsonNode answer, Instant now, String connectionId) {
    long seconds = answer.path("expires_in").asLong();
    return new UserToken(
        answer.path("access_token").asText(),
        answer.path("refresh_token").asText(),
        seconds == 0 ? Long.MAX_VALUE : now.toEpochMilli() + seconds * 1000,
        connectionId);
  }

  String toJson() {
    return Json.MAPPER.valueToTree(this).toString();
  }

  static UserToken ofJson(String json) {
    try {
      return Json.MAPPER.readValue(json, UserToken.class);
    } catch (IOException e) {
      // What is wrong would quote the secret.
      throw new IllegalStateException("The token of a member cannot be read");
    }
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "UserToken[" + connectionId + "]";
  }
}
