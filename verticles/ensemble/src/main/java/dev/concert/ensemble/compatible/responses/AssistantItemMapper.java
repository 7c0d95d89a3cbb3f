package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.block.OpaqueToken;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.CustomTool;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Converts the assistant's items of an input. An item or part that Ensemble made carries its
 * payload (see {@link OutputItemWriter}); an item that OpenAI made is itself a payload for OpenAI.
 */
final class AssistantItemMapper {
  private static final String ORIGIN = "openai";

  /** The data that a vendor wants back with a call, by the call's id. */
  private final Map<String, JsonNode> ofCalls = new HashMap<>();

  private final UncarriedFields uncarried;

  AssistantItemMapper(JsonNode input, UncarriedFields uncarried) {
    this.uncarried = uncarried;
    for (JsonNode item : input) {
      OpaqueToken.read(item.path("encrypted_content").asText())
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
    for (int i = 0; i < content.size(); i++) {
      JsonNode part = content.path(i);
      ObjectNode block = blocks.addObject().put("type", "text");
      block.put(FieldNames.FROM, field + ".content[" + i + "]");
      switch (part.path("type").asText()) {
        case "output_text", "input_text" -> VendorJson.copy(part, "text", block);
        case "refusal" -> VendorJson.copy(part, "refusal", block, "text");
        case "" -> throw VendorJson.wrong(field + ".content[" + i + "].type", "is required");
        default -> {
          uncarried.essential(field + ".content[" + i + "]");
          block.put("text", "");
        }
      }
      OpaqueToken.read(part.path("ensemble_opaque").asText())
          .ifPresentOrElse(
              carried -> block.set("opaque", carried), () -> theirPart(item, part, block));
    }
  }

  /** A message from OpenAI has an id; one that a person wrote has none. */
  private static void theirPart(ObjectNode item, JsonNode part, ObjectNode block) {
    if (VendorJson.has(item, "id") && !OutputItemWriter.isOurs(item.path("id").asText())) {
      ObjectNode payload = VendorJson.newObject();
      payload.set("item", item.deepCopy().without(Set.of("content", "type", "role")));
      payload.set("part", ((ObjectNode) part.deepCopy()).without(Set.of("text", "refusal")));
      block.set("opaque", theirs(payload));
    }
  }

  void add(ObjectNode item, ArrayNode blocks) {
    switch (item.path("type").asText()) {
      case "reasoning" -> reasoning(item, blocks);
      case "function_call", "custom_tool_call", "tool_search_call" ->
          call(item, blocks.addObject().put("type", "tool_call"));
      default -> blocks.addObject().put("type", "opaque").set("opaque", theirs(item));
    }
  }

  private static void reasoning(ObjectNode item, ArrayNode blocks) {
    var carried = OpaqueToken.read(item.path("encrypted_content").asText());
    if (carried.isEmpty()) {
      ObjectNode block = blocks.addObject().put("type", "thinking").put("text", summary(item));
      block.set("opaque", theirs(item));
    } else if (carried.get().has("block")) {
      blocks.addObject().put("type", "opaque").set("opaque", carried.get().path("block"));
    } else if (!carried.get().has("call")) {
      ObjectNode block = blocks.addObject().put("type", "thinking").put("text", summary(item));
      VendorJson.copy(carried.get(), "signature", block);
      VendorJson.copy(carried.get(), "opaque", block);
    }
  }

  private void call(ObjectNode item, ObjectNode block) {
    ObjectNode call = block.putObject("tool_call");
    VendorJson.copy(item, "call_id", call, "id");
    function(item, call);
    JsonNode known = ofCalls.get(item.path("call_id").asText());
    if (known != null) {
      block.set("opaque", known);
      return;
    }
    OpaqueToken.read(item.path("ensemble_opaque").asText())
        .ifPresentOrElse(
            carried -> block.set("opaque", carried),
            () -> {
              if (VendorJson.has(item, "id")
                  && !OutputItemWriter.isOurs(item.path("id").asText())) {
                ObjectNode rest = item.deepCopy();
                rest.remove(Set.of("type", "call_id", "name", "arguments", "input", "namespace"));
                block.set("opaque", theirs(rest));
              }
            });
  }

  /** A call of any of the client's tools as that of a function. */
  private static void function(ObjectNode item, ObjectNode call) {
    String name = item.path("name").asText();
    String function = DeclaredTools.function(item.path("namespace").asText(), name);
    switch (item.path("type").asText()) {
      case "custom_tool_call" ->
          call.put("name", function)
              .put("raw_arguments", CustomTool.arguments(item.path("input").asText()));
      case "tool_search_call" ->
          call.put("name", "tool_search")
              .put("raw_arguments", ExactJson.text(item.path("arguments")));
      default -> {
        call.put("name", function);
        VendorJson.copy(item, "arguments", call, "raw_arguments");
      }
    }
  }

  private static String summary(JsonNode item) {
    StringBuilder text = new StringBuilder();
    for (JsonNode part : item.path("summary")) {
      text.append(text.isEmpty() ? "" : "\n\n").append(part.path("text").asText());
    }
    return text.toString();
  }

  private static ObjectNode theirs(JsonNode payload) {
    return VendorJson.newObject().put("origin", ORIGIN).put("json", ExactJson.text(payload));
  }
}
