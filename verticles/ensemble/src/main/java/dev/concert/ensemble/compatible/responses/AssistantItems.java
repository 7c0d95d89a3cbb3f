package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.compatible.Body;
import dev.concert.ensemble.compatible.Carried;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What an assistant said, read back. An item or part that Ensemble made has its payload with it
 * (see {@link OutputItems}); one that OpenAI made is a payload for OpenAI.
 */
final class AssistantItems {
  private static final String ORIGIN = "openai";

  /** What a vendor wants back with a call, by the call's id. */
  private final Map<String, JsonNode> ofCalls = new HashMap<>();

  AssistantItems(JsonNode input) {
    for (JsonNode item : input) {
      Carried.read(item.path("encrypted_content").asText())
          .filter(carried -> carried.has("call"))
          .ifPresent(carried -> ofCalls.put(carried.path("call").asText(), carried.path("opaque")));
    }
  }

  void message(ObjectNode item, ArrayNode blocks, String field) {
    JsonNode content = item.path("content");
    if (content.isTextual()) {
      blocks.addObject().put("type", "text").set("text", content);
      return;
    }
    for (JsonNode part : content) {
      ObjectNode block = blocks.addObject().put("type", "text");
      switch (part.path("type").asText()) {
        case "output_text", "input_text" -> Body.copy(part, "text", block);
        case "refusal" -> Body.copy(part, "refusal", block, "text");
        default -> throw Body.wrong(field + ".content", "has a part that is not known here");
      }
      Carried.read(part.path("ensemble_opaque").asText())
          .ifPresentOrElse(
              carried -> block.set("opaque", carried), () -> theirPart(item, part, block));
    }
  }

  /** A message that came from OpenAI itself has an id; one that a person wrote has none. */
  private static void theirPart(ObjectNode item, JsonNode part, ObjectNode block) {
    if (Body.has(item, "id") && !OutputItems.isOurs(item.path("id").asText())) {
      ObjectNode payload = Body.newObject();
      payload.set("item", item.deepCopy().without(Set.of("content", "type", "role")));
      payload.set("part", ((ObjectNode) part.deepCopy()).without(Set.of("text", "refusal")));
      block.set("opaque", theirs(payload));
    }
  }

  void add(ObjectNode item, ArrayNode blocks) {
    switch (item.path("type").asText()) {
      case "reasoning" -> reasoning(item, blocks);
      case "function_call" -> call(item, blocks.addObject().put("type", "tool_call"));
      default -> blocks.addObject().put("type", "opaque").set("opaque", theirs(item));
    }
  }

  private static void reasoning(ObjectNode item, ArrayNode blocks) {
    var carried = Carried.read(item.path("encrypted_content").asText());
    if (carried.isEmpty()) {
      ObjectNode block = blocks.addObject().put("type", "thinking").put("text", summary(item));
      block.set("opaque", theirs(item));
    } else if (carried.get().has("block")) {
      blocks.addObject().put("type", "opaque").set("opaque", carried.get().path("block"));
    } else if (!carried.get().has("call")) {
      ObjectNode block = blocks.addObject().put("type", "thinking").put("text", summary(item));
      Body.copy(carried.get(), "signature", block);
      Body.copy(carried.get(), "opaque", block);
    }
  }

  private void call(ObjectNode item, ObjectNode block) {
    ObjectNode call = block.putObject("tool_call");
    Body.copy(item, "call_id", call, "id");
    Body.copy(item, "name", call);
    Body.copy(item, "arguments", call, "raw_arguments");
    JsonNode known = ofCalls.get(item.path("call_id").asText());
    if (known != null) {
      block.set("opaque", known);
      return;
    }
    Carried.read(item.path("ensemble_opaque").asText())
        .ifPresentOrElse(
            carried -> block.set("opaque", carried),
            () -> {
              if (Body.has(item, "id") && !OutputItems.isOurs(item.path("id").asText())) {
                ObjectNode rest = item.deepCopy();
                rest.remove(Set.of("type", "call_id", "name", "arguments"));
                block.set("opaque", theirs(rest));
              }
            });
  }

  private static String summary(JsonNode item) {
    StringBuilder text = new StringBuilder();
    for (JsonNode part : item.path("summary")) {
      text.append(text.isEmpty() ? "" : "\n\n").append(part.path("text").asText());
    }
    return text.toString();
  }

  private static ObjectNode theirs(JsonNode payload) {
    return Body.newObject().put("origin", ORIGIN).put("json", ExactJson.text(payload));
  }
}
