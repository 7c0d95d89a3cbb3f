package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.OpaqueToken;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What other vendors want back, as the {@code thoughtSignature} of a part. The field is of type
 * {@code bytes}, so it is the base64 of an {@link OpaqueToken}.
 *
 * @param before blocks that come before the part: signed thinking, encrypted reasoning; in the
 *     native format
 * @param opaque of the part itself; null for none
 */
record ThoughtSignature(JsonNode before, JsonNode opaque) {

  /** The field's text; empty if nothing has to come back. */
  static Optional<String> text(List<Block> before, Opaque opaque) {
    if (before.isEmpty() && opaque == null) {
      return Optional.empty();
    }
    ObjectNode payload = VendorJson.newObject();
    ArrayNode blocks = payload.putArray("before");
    before.forEach(block -> blocks.add(Json.MAPPER.<JsonNode>valueToTree(block)));
    if (opaque != null) {
      payload.set("opaque", Json.MAPPER.valueToTree(opaque));
    }
    byte[] token = OpaqueToken.text(payload).getBytes(StandardCharsets.US_ASCII);
    return Optional.of(Base64.getEncoder().encodeToString(token));
  }

  /** Decodes the field; empty for a signature that Ensemble did not make. */
  static Optional<ThoughtSignature> read(String signature) {
    try {
      // Python's SDK writes bytes with the URL-safe alphabet.
      String standard = signature.replace('-', '+').replace('_', '/');
      byte[] token = Base64.getDecoder().decode(standard);
      return OpaqueToken.read(new String(token, StandardCharsets.ISO_8859_1))
          .map(payload -> new ThoughtSignature(payload.path("before"), payload.path("opaque")));
    } catch (IllegalArgumentException _) {
      // Not base64, so not ours.
      return Optional.empty();
    }
  }
}
