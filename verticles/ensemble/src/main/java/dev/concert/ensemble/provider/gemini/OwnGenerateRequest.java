package dev.concert.ensemble.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.OpaqueToken;
import dev.concert.ensemble.model.ServedModel;
import java.util.Map;

/**
 * The body of {@code generateContent} for a client of the same API: the client's own, within the
 * model's limits.
 *
 * <p>The conversation may have signatures that Ensemble made for another vendor's model. They do
 * not go to Google, which defines a placeholder for such calls.
 */
final class OwnGenerateRequest {
  private static final String SIGNATURE = "thoughtSignature";
  private static final String PLACEHOLDER = "skip_thought_signature_validator";

  /** Both spellings of each name that is changed here. */
  private static final String[] CONFIG = {"generationConfig", "generation_config"};

  private static final Map<String, String> DROPPABLE =
      Map.of(
          "temperature",
          "temperature",
          "topP",
          "top_p",
          "top_p",
          "top_p",
          "topK",
          "top_k",
          "top_k",
          "top_k");

  private OwnGenerateRequest() {}

  static ObjectNode body(ServedModel model, ObjectNode client) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.setAll(client);
    // The model is in the path.
    body.remove("model");
    for (String name : CONFIG) {
      if (client.path(name) instanceof ObjectNode config) {
        body.set(name, limited(model, config.deepCopy()));
      }
    }
    ArrayNode contents = body.putArray("contents");
    client.path("contents").forEach(content -> contents.add(content(content)));
    return body;
  }

  private static ObjectNode limited(ServedModel model, ObjectNode config) {
    for (String name : new String[] {"maxOutputTokens", "max_output_tokens"}) {
      if (config.path(name).asLong() > model.maxOutputTokens()) {
        config.put(name, model.maxOutputTokens());
      }
    }
    DROPPABLE.forEach(
        (theirs, name) -> {
          if (model.can().drops(name)) {
            config.remove(theirs);
          }
        });
    return config;
  }

  private static JsonNode content(JsonNode content) {
    boolean ours = false;
    for (JsonNode part : content.path("parts")) {
      ours |= isOurs(part);
    }
    if (!ours) {
      return content;
    }
    ObjectNode own = content.deepCopy();
    boolean first = true;
    for (JsonNode part : own.path("parts")) {
      boolean call = part.has("functionCall") || part.has("function_call");
      if (isOurs(part)) {
        ((ObjectNode) part).remove(SIGNATURE);
        ((ObjectNode) part).remove("thought_signature");
        if (call && first) {
          ((ObjectNode) part).put(SIGNATURE, PLACEHOLDER);
        }
      }
      first &= !call;
    }
    return own;
  }

  private static boolean isOurs(JsonNode part) {
    return OpaqueToken.isOursInBase64(part.path(SIGNATURE).asText())
        || OpaqueToken.isOursInBase64(part.path("thought_signature").asText());
  }
}
