package dev.concert.ensemble.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.AudioBlock;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.DocumentBlock;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.block.ImageBlock;
import dev.concert.ensemble.block.MediaSource;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.block.ToolCallBlock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Converts parts to blocks and back. Other fields of a part, above all {@code thoughtSignature},
 * become the opaque payload of the block; parts without an equivalent become opaque blocks. A part
 * with a signature is never joined with another one, as the vendor requires
 * (ai.google.dev/gemini-api/docs/thought-signatures).
 */
final class PartMapper {
  private static final String ORIGIN = GeminiDialect.ORIGIN;
  private static final String SIGNATURE = "thoughtSignature";

  /** In the payload of a call: whether its id is the vendor's own. */
  private static final String VENDORS_ID = "id";

  Block read(ObjectNode part) {
    if (part.path("functionCall").isObject()) {
      return call(part);
    }
    if (part.path("text").isTextual()) {
      return text(part);
    }
    return new OpaqueBlock(Opaque.of(ORIGIN, part));
  }

  Optional<ObjectNode> write(ContentBlock part) {
    return switch (part) {
      case TextBlock text -> text(text);
      case ThinkingBlock thinking -> thought(thinking);
      case ToolCallBlock call -> Optional.of(functionCall(call));
      case ImageBlock image -> Optional.of(file(image.source()));
      case DocumentBlock document -> Optional.of(file(document.source()));
      case AudioBlock audio -> Optional.of(file(audio.source()));
      case OpaqueBlock opaque -> opaque.opaque().from(ORIGIN).map(ObjectNode.class::cast);
    };
  }

  static boolean hasVendorsId(ToolCallBlock call) {
    return call.opaque() != null
        && call.opaque().from(ORIGIN).filter(rest -> rest.has(VENDORS_ID)).isPresent();
  }

  /**
   * Newer models reject a history whose first call has no signature; for calls of other models the
   * vendor defines this placeholder.
   */
  static void excuseMissingSignature(ObjectNode written, ToolCallBlock call) {
    boolean ours = call.opaque() != null && call.opaque().origin().equals(ORIGIN);
    if (!ours && !written.has(SIGNATURE)) {
      written.put(SIGNATURE, "skip_thought_signature_validator");
    }
  }

  private static Block text(ObjectNode part) {
    Opaque rest = rest(part, Set.of("text", "thought"));
    String text = part.path("text").asText();
    return part.path("thought").asBoolean()
        ? new ThinkingBlock(text, null, rest)
        : new TextBlock(text, rest);
  }

  private static Block call(ObjectNode part) {
    ObjectNode call = (ObjectNode) part.path("functionCall");
    String given = call.path("id").asText("");
    ObjectNode payload = part.deepCopy();
    payload.remove("functionCall");
    if (!given.isEmpty()) {
      payload.put(VENDORS_ID, given);
    }
    ObjectNode more = call.deepCopy();
    more.remove(Set.of("id", "name", "args"));
    if (!more.isEmpty()) {
      payload.set("functionCall", more);
    }
    String arguments = call.path("args").isObject() ? ExactJson.text(call.path("args")) : "{}";
    String id = given.isEmpty() ? "call_" + UUID.randomUUID() : given;
    return new ToolCallBlock(
        ToolCall.ofText(id, call.path("name").asText(), arguments), Opaque.of(ORIGIN, payload));
  }

  private static Optional<ObjectNode> text(TextBlock text) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("text", text.text());
    restore(node, text.opaque());
    // A part may consist of its signature only.
    return text.text().isEmpty() && node.size() == 1 ? Optional.empty() : Optional.of(node);
  }

  /** The vendor ignores thoughts without a signature. */
  private static Optional<ObjectNode> thought(ThinkingBlock thinking) {
    ObjectNode node =
        JsonNodeFactory.instance.objectNode().put("text", thinking.text()).put("thought", true);
    restore(node, thinking.opaque());
    return node.has(SIGNATURE) ? Optional.of(node) : Optional.empty();
  }

  private static ObjectNode functionCall(ToolCallBlock block) {
    ObjectNode part = JsonNodeFactory.instance.objectNode();
    ObjectNode call = part.putObject("functionCall");
    JsonNode payload =
        block.opaque() == null
            ? JsonNodeFactory.instance.objectNode()
            : block.opaque().from(ORIGIN).orElse(JsonNodeFactory.instance.objectNode());
    if (payload.has(VENDORS_ID)) {
      call.put("id", payload.path(VENDORS_ID).asText());
    }
    call.put("name", block.call().name());
    call.set("args", arguments(block.call()));
    payload
        .properties()
        .forEach(
            field -> {
              if (field.getKey().equals("functionCall")) {
                call.setAll((ObjectNode) field.getValue());
              } else if (!field.getKey().equals(VENDORS_ID)) {
                part.set(field.getKey(), field.getValue());
              }
            });
    return part;
  }

  private static JsonNode arguments(ToolCall call) {
    JsonNode parsed = ToolCall.ofText(call.id(), call.name(), call.argumentsText()).arguments();
    return parsed != null
        ? parsed
        : JsonNodeFactory.instance.objectNode().put("raw_arguments", call.rawArguments());
  }

  private static ObjectNode file(MediaSource source) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (source.toBeFetched()) {
      ObjectNode data = node.putObject("fileData");
      if (source.mediaType() != null) {
        data.put("mimeType", source.mediaType());
      }
      data.put("fileUri", source.url());
    } else {
      node.putObject("inlineData").put("mimeType", source.mediaType()).put("data", source.data());
    }
    return node;
  }

  private static Opaque rest(ObjectNode part, Set<String> known) {
    ObjectNode rest = part.deepCopy();
    rest.remove(known);
    return rest.isEmpty() ? null : Opaque.of(ORIGIN, rest);
  }

  private static void restore(ObjectNode node, Opaque opaque) {
    if (opaque != null) {
      opaque.from(ORIGIN).ifPresent(rest -> node.setAll((ObjectNode) rest));
    }
  }
}
