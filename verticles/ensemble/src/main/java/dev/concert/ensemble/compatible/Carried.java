package dev.concert.ensemble.compatible;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bus.Json;
import dev.concert.ensemble.block.Opaque;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Opaque payloads as text in a field that the vendor's SDK hands back unread. What comes back is
 * checked like everything else a client sends.
 */
public final class Carried {
  private static final String PREFIX = "ensemble:";

  private Carried() {}

  public static String text(Opaque opaque) {
    return text(Json.MAPPER.<JsonNode>valueToTree(opaque));
  }

  /** Anything that has to come back, as long as the form itself knows what it is. */
  public static String text(JsonNode payload) {
    return PREFIX
        + Base64.getEncoder().encodeToString(payload.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The payload's JSON; empty for a text that is not ours. */
  public static Optional<JsonNode> read(String text) {
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      byte[] json = Base64.getDecoder().decode(text.substring(PREFIX.length()));
      return Optional.of(Json.MAPPER.readTree(new String(json, StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException | JsonProcessingException e) {
      throw Body.wrong("ensemble_opaque", "must be what Ensemble sent");
    }
  }
}
