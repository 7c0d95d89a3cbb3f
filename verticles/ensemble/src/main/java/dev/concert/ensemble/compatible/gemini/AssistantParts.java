package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.compatible.VendorJson;
import java.util.Optional;

/**
 * Converts the parts of the model to native blocks. The pieces of a stream are joined again; a part
 * with a signature stays alone, as the vendor requires.
 */
final class AssistantParts {
  private static final String ORIGIN = "gemini";
  private static final String SIGNATURE = "thoughtSignature";

  private final ArrayNode blocks;
  private final CallIds ids;

  /** Whether a call of this message has a signature of the vendor. */
  private boolean signed;

  AssistantParts(ArrayNode blocks, CallIds ids) {
    this.blocks = blocks;
    this.ids = ids;
  }

  void add(JsonNode part, String field) {
    if (!(part instanceof ObjectNode object)) {
      throw VendorJson.wrong(field, "must be an object");
    }
    ObjectNode rest = object.deepCopy();
    String signature = GeminiFields.text(rest, SIGNATURE);
    Optional<ThoughtSignature> carried = ThoughtSignature.read(signature);
    if (carried.isPresent()) {
      rest.remove(SIGNATURE);
      rest.remove("thought_signature");
      before(carried.get().before());
    }
    JsonNode opaque = carried.map(ThoughtSignature::opaque).orElse(VendorJson.newObject().path(""));
    JsonNode call = GeminiFields.get(rest, "functionCall");
    if (call instanceof ObjectNode function) {
      call(function, rest, opaque, field);
    } else if (rest.path("text").isTextual()) {
      text(rest, opaque);
    } else if (!rest.isEmpty()) {
      opaque(blocks.addObject().put("type", "opaque"), rest);
    }
  }

  /** What was kept replaces the thoughts that were shown of it. */
  private void before(JsonNode kept) {
    if (kept.isEmpty()) {
      return;
    }
    while (isPlain(last(), "thinking")) {
      blocks.remove(blocks.size() - 1);
    }
    kept.forEach(blocks::add);
  }

  private void text(ObjectNode part, JsonNode carried) {
    String text = part.path("text").asText();
    boolean thought = part.path("thought").asBoolean();
    part.remove("text");
    part.remove("thought");
    String type = thought ? "thinking" : "text";
    ObjectNode last = last();
    if (part.isEmpty() && isPlain(last, type)) {
      last.put("text", last.path("text").asText() + text);
      close(last, carried);
    } else if (!part.isEmpty() || !text.isEmpty() || carried.isObject()) {
      ObjectNode block = blocks.addObject().put("type", type).put("text", text);
      if (!part.isEmpty()) {
        opaque(block, part);
      }
      close(block, carried);
    }
  }

  private static void close(ObjectNode block, JsonNode carried) {
    if (carried.isObject()) {
      block.set("opaque", carried);
    }
  }

  private void call(ObjectNode function, ObjectNode part, JsonNode carried, String field) {
    if (!function.path("name").isTextual()) {
      throw VendorJson.wrong(field + ".functionCall.name", "is required");
    }
    ObjectNode block = blocks.addObject().put("type", "tool_call");
    ObjectNode call = block.putObject("tool_call").put("id", ids.ofCall(function));
    call.set("name", function.path("name"));
    JsonNode args = function.path("args");
    call.set("arguments", args.isObject() ? args : VendorJson.newObject());
    part.remove("functionCall");
    part.remove("function_call");
    signed |= part.has(SIGNATURE) || part.has("thought_signature");
    if (carried.isObject()) {
      block.set("opaque", carried);
    } else if (signed || !part.isEmpty()) {
      VendorJson.copy(function, "id", part);
      opaque(block, part);
    }
  }

  private static void opaque(ObjectNode block, ObjectNode payload) {
    block.putObject("opaque").put("origin", ORIGIN).put("json", ExactJson.text(payload));
  }

  private ObjectNode last() {
    return blocks.isEmpty() ? null : (ObjectNode) blocks.get(blocks.size() - 1);
  }

  private static boolean isPlain(ObjectNode block, String type) {
    return block != null
        && block.path("type").asText().equals(type)
        && !block.has("opaque")
        && !block.has("signature");
  }
}
