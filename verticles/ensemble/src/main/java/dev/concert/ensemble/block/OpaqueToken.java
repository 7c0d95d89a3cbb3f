package dev.concert.ensemble.block;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Encodes opaque payloads as text for a field that the vendor's SDK sends back unread. What comes
 * back is validated like any other input.
 */
public final class OpaqueToken {
  /** The field of vendors' objects that holds it, where their APIs have none for it. */
  public static final String FIELD = "ensemble_opaque";

  private static final String PREFIX = "ensemble:";
  private static final String PREFIX_IN_BASE64 =
      Base64.getEncoder().encodeToString(PREFIX.getBytes(StandardCharsets.US_ASCII));

  private OpaqueToken() {}

  public static String text(Opaque opaque) {
    return text(Json.MAPPER.<JsonNode>valueToTree(opaque));
  }

  /** Encodes anything that has to come back. */
  public static String text(JsonNode payload) {
    return PREFIX
        + Base64.getEncoder().encodeToString(payload.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Whether it is the base64 of a text that Ensemble made; the alphabets do not differ in it. */
  public static boolean isOursInBase64(String text) {
    return text.startsWith(PREFIX_IN_BASE64);
  }

  /** Whether Ensemble made it. */
  public static boolean isOurs(String text) {
    return text.startsWith(PREFIX);
  }

  /** Decodes the payload; empty for a text that Ensemble did not make. */
  public static Optional<JsonNode> read(String text) {
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      byte[] json = Base64.getDecoder().decode(text.substring(PREFIX.length()));
      return Optional.of(Json.MAPPER.readTree(new String(json, StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException | JsonProcessingException e) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE, FIELD + ": must be the value that Ensemble sent.");
    }
  }
}
