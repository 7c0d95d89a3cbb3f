package dev.concert.ensemble.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.OpaqueToken;
import dev.concert.ensemble.model.ServedModel;
import java.util.Optional;

/**
 * The body of {@code POST /v1/messages} for a client of the same API: the client's own, with
 * another name of the model and within the model's limits. Cache marks stay where the client has
 * set them, and none is added.
 *
 * <p>Messages may have blocks that another vendor's model wrote in the same conversation. What only
 * Ensemble can read in them does not go to the vendor.
 */
final class OwnMessagesRequest {
  private OwnMessagesRequest() {}

  static ObjectNode body(ServedModel model, ObjectNode client) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.setAll(client);
    body.put("model", model.upstreamId());
    limit(body, model.maxOutputTokens());
    if (model.can().streaming()) {
      body.put("stream", true);
    } else {
      body.remove("stream");
    }
    for (String name : new String[] {"temperature", "top_p", "top_k"}) {
      if (model.can().drops(name)) {
        body.remove(name);
      }
    }
    body.set("messages", messages(client.path("messages")));
    return body;
  }

  private static void limit(ObjectNode body, int most) {
    if (body.path("max_tokens").asLong(most) < most) {
      return;
    }
    body.put("max_tokens", most);
    JsonNode thinking = body.path("thinking");
    if (thinking.path("budget_tokens").asLong() >= most) {
      ObjectNode less = ((ObjectNode) thinking).deepCopy();
      body.set("thinking", less.put("budget_tokens", most / 2));
    }
  }

  private static JsonNode messages(JsonNode messages) {
    ArrayNode own = JsonNodeFactory.instance.arrayNode(messages.size());
    for (JsonNode message : messages) {
      JsonNode content = message.path("content");
      if (message instanceof ObjectNode object && isForeign(content)) {
        ArrayNode kept = kept(content);
        if (!kept.isEmpty()) {
          ObjectNode changed = JsonNodeFactory.instance.objectNode();
          changed.setAll(object);
          changed.set("content", kept);
          own.add(changed);
        }
      } else {
        own.add(message);
      }
    }
    return own;
  }

  private static boolean isForeign(JsonNode content) {
    for (JsonNode block : content) {
      if (content.isArray() && !block.equals(keptBlock(block).orElse(null))) {
        return true;
      }
    }
    return false;
  }

  private static ArrayNode kept(JsonNode content) {
    ArrayNode blocks = JsonNodeFactory.instance.arrayNode(content.size());
    content.forEach(block -> keptBlock(block).ifPresent(blocks::add));
    return blocks;
  }

  private static Optional<JsonNode> keptBlock(JsonNode block) {
    return switch (block.path("type").asText()) {
      // An empty signature and one of Ensemble's belong to another vendor's reasoning.
      case "thinking" -> Optional.of(block).filter(one -> isVendors(one.path("signature")));
      case "redacted_thinking" ->
          isVendors(block.path("data"))
              ? Optional.of(block)
              : OpaqueToken.read(block.path("data").asText()).flatMap(OwnMessagesRequest::restored);
      case "tool_use" -> Optional.of(accepted(withoutOurs(block), "id"));
      case "tool_result" -> Optional.of(accepted(block, "tool_use_id"));
      default -> Optional.of(withoutOurs(block));
    };
  }

  /** A block of this vendor that an older answer carried as one of Ensemble's. */
  private static Optional<JsonNode> restored(JsonNode carried) {
    Opaque opaque = new Opaque(carried.path("origin").asText(), carried.path("json").asText());
    return opaque.isReadable() ? opaque.from(AnthropicDialect.ORIGIN) : Optional.empty();
  }

  private static boolean isVendors(JsonNode text) {
    return !text.asText().isEmpty() && !OpaqueToken.isOurs(text.asText());
  }

  private static JsonNode withoutOurs(JsonNode block) {
    if (!block.has(OpaqueToken.FIELD)) {
      return block;
    }
    ObjectNode theirs = block.deepCopy();
    theirs.remove(OpaqueToken.FIELD);
    return theirs;
  }

  private static JsonNode accepted(JsonNode block, String field) {
    String id = block.path(field).asText();
    String accepted = ContentBlockMapper.acceptedId(id);
    return id.equals(accepted) ? block : ((ObjectNode) block.deepCopy()).put(field, accepted);
  }
}
