package dev.concert.bridges.token;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What a token that came with a request is. */
public sealed interface TokenResult {
  /**
   * It is signed with a published key, and valid now.
   *
   * @param key as it is published, whatever else it says
   */
  record Genuine(JsonObject claims, JsonObject key) implements TokenResult {
    /** A claim that is a text; empty for none. */
    public String claim(String name) {
      return claims.getValue(name) instanceof String text ? text : "";
    }

    /** Whether it is for this audience. */
    public boolean isFor(String audience) {
      return claims.getValue("aud") instanceof JsonArray several
          ? several.contains(audience)
          : claim("aud").equals(audience);
    }
  }

  /**
   * Nothing of it is believed.
   *
   * @param reason without a part of it
   */
  record Wrong(String reason) implements TokenResult {}
}
