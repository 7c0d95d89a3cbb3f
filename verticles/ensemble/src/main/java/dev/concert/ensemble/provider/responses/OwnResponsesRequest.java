package dev.concert.ensemble.provider.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.OpaqueToken;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.ConversationSummary;
import dev.concert.ensemble.model.ServedModel;
import java.util.Optional;
import java.util.Set;

/**
 * The body of {@code POST /responses} for a client of the same API: the client's own, with another
 * name of the model and within the model's limits. Nothing is stored at the vendor, so reasoning is
 * asked for in its encrypted form.
 *
 * <p>The input may have items that another vendor's model wrote in the same conversation. What only
 * Ensemble can read in them does not go to the vendor.
 */
final class OwnResponsesRequest {
  private static final String ENCRYPTED = "reasoning.encrypted_content";

  /** In ids of items that Ensemble made. */
  private static final String OURS = "_ens_";

  private OwnResponsesRequest() {}

  static ObjectNode body(ServedModel model, ClientRequest own) {
    ObjectNode client = own.body();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.setAll(client);
    body.put("model", model.upstreamId());
    if (client.path("input").isArray()) {
      body.set("input", input(client.path("input")));
    }
    if (own.operation().isEmpty()) {
      answer(model, client, body);
    }
    return body;
  }

  private static void answer(ServedModel model, ObjectNode client, ObjectNode body) {
    body.put("store", false);
    if (model.can().streaming()) {
      body.put("stream", true);
    } else {
      body.remove(Set.of("stream", "stream_options"));
    }
    if (body.path("max_output_tokens").asLong() > model.maxOutputTokens()) {
      body.put("max_output_tokens", model.maxOutputTokens());
    }
    for (String name : new String[] {"temperature", "top_p"}) {
      if (model.can().drops(name)) {
        body.remove(name);
      }
    }
    if (model.can().thinking()) {
      include(body);
    }
  }

  private static void include(ObjectNode body) {
    ArrayNode included = JsonNodeFactory.instance.arrayNode();
    boolean asked = false;
    for (JsonNode each : body.path("include")) {
      included.add(each);
      asked |= each.asText().equals(ENCRYPTED);
    }
    body.set("include", asked ? included : included.add(ENCRYPTED));
  }

  private static ArrayNode input(JsonNode items) {
    ArrayNode own = JsonNodeFactory.instance.arrayNode(items.size());
    items.forEach(item -> kept(item).ifPresent(own::add));
    return own;
  }

  private static Optional<JsonNode> kept(JsonNode item) {
    String encrypted = item.path("encrypted_content").asText();
    if (item.path("type").asText().startsWith("compaction") && OpaqueToken.isOurs(encrypted)) {
      return ConversationSummary.of(encrypted).map(OwnResponsesRequest::message);
    }
    if (OpaqueToken.isOurs(encrypted)) {
      return Optional.empty();
    }
    boolean ours = item.path("id").asText().contains(OURS);
    if (ours && item.path("type").asText().equals("reasoning")) {
      // Reasoning of another vendor.
      return Optional.empty();
    }
    if (!ours && !item.has(OpaqueToken.FIELD) && !hasOurs(item.path("content"))) {
      return Optional.of(item);
    }
    ObjectNode theirs = item.deepCopy();
    theirs.remove(OpaqueToken.FIELD);
    if (ours) {
      theirs.remove("id");
    }
    theirs
        .path("content")
        .forEach(
            part -> {
              if (part instanceof ObjectNode object) {
                object.remove(OpaqueToken.FIELD);
              }
            });
    return Optional.of(theirs);
  }

  private static JsonNode message(ConversationSummary summary) {
    ObjectNode message =
        JsonNodeFactory.instance.objectNode().put("type", "message").put("role", "user");
    message
        .putArray("content")
        .addObject()
        .put("type", "input_text")
        .put("text", summary.asMessage());
    return message;
  }

  private static boolean hasOurs(JsonNode content) {
    for (JsonNode part : content) {
      if (part.has(OpaqueToken.FIELD)) {
        return true;
      }
    }
    return false;
  }
}
