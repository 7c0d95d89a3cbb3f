package dev.concert.ensemble.compatible.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.FieldNames.Name;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.ThinkingOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Converts a request of the Messages API to the JSON of {@code /api/v1}, and notes what has no
 * place there.
 */
final class MessagesRequestMapper {
  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "max_tokens",
          "temperature",
          "top_p",
          "top_k",
          "stop_sequences",
          "cache_control",
          "thinking",
          "output_config",
          "output_format",
          "tools",
          "tool_choice",
          "system",
          "messages",
          "stream");

  private static final Set<String> TOOL_FIELDS =
      Set.of("type", "name", "description", "input_schema", "strict", "cache_control");

  /** Finds tools among those whose definition is deferred; other providers get all of them. */
  private static final String TOOL_SEARCH = "tool_search_tool";

  private static final Set<String> CHOICES = Set.of("auto", "any", "tool", "none");

  private static final List<Name> NAMES =
      List.of(
          new Name("thinking.effort", "output_config.effort"),
          new Name("response_format", "output_config.format"),
          new Name("parallel_tool_calls", "tool_choice.disable_parallel_tool_use"),
          new Name(".tool_call.arguments", ".input"),
          new Name(".tool_call", ""),
          new Name(".tool_call_id", ".tool_use_id"),
          new Name(".content_blocks", ".content"),
          new Name(".parameters", ".input_schema"));

  private MessagesRequestMapper() {}

  /**
   * @param uncarried notes what has no place in the native format, once
   */
  static FieldNames names(ObjectNode body, UncarriedFields uncarried) {
    return new FieldNames(() -> toOurs(body, uncarried), NAMES);
  }

  static ObjectNode toOurs(ObjectNode body, UncarriedFields uncarried) {
    ObjectNode ours = VendorJson.newObject();
    for (String same :
        new String[] {
          "model", "max_tokens", "temperature", "top_p", "stop_sequences", "cache_control"
        }) {
      VendorJson.copy(body, same, ours);
    }
    if (!body.path("top_k").isInt() || body.path("top_k").asInt() != 0) {
      // 0 is no limit.
      VendorJson.copy(body, "top_k", ours);
    }
    uncarried.unknownIn(body, "", KNOWN);
    thinking(body, ours, uncarried);
    JsonNode output = VendorJson.objectIn(body, "output_config", "");
    JsonNode format = VendorJson.objectIn(output, "format", "output_config.");
    // Its name before it was one of several.
    format(format.isObject() ? format : VendorJson.objectIn(body, "output_format", ""), ours);
    uncarried.unknownIn(output, "output_config", Set.of("effort", "format"));
    tools(VendorJson.arrayIn(body, "tools", ""), ours, uncarried);
    choice(VendorJson.objectIn(body, "tool_choice", ""), ours, uncarried);
    if (!body.path("messages").isArray()) {
      throw VendorJson.wrong("messages", "must be an array with at least one message");
    }
    MessagesMessageMapper conversation = new MessagesMessageMapper(uncarried);
    conversation.system(body.path("system"));
    body.path("messages").forEach(conversation::add);
    ours.set("messages", conversation.written());
    return ours;
  }

  private static void thinking(ObjectNode body, ObjectNode ours, UncarriedFields uncarried) {
    JsonNode thinking = VendorJson.objectIn(body, "thinking", "");
    JsonNode effort = body.path("output_config").path("effort");
    boolean known = ThinkingOptions.Effort.isKnown(effort.asText());
    if (!known && VendorJson.has(body.path("output_config"), "effort")) {
      uncarried.harmless("output_config.effort");
    }
    switch (thinking.path("type").asText()) {
      case "enabled" -> VendorJson.copy(thinking, "budget_tokens", ours.putObject("thinking"));
      case "disabled" -> ours.putObject("thinking").put("effort", "none");
      case "adaptive" ->
          ours.putObject("thinking").put("effort", known ? effort.asText() : "medium");
      default -> {
        if (thinking.isObject()) {
          uncarried.harmless("thinking");
        }
        if (known) {
          ours.putObject("thinking").set("effort", effort);
        }
      }
    }
  }

  private static void format(JsonNode format, ObjectNode ours) {
    if (format.isObject()) {
      ObjectNode node = ours.putObject("response_format");
      VendorJson.copy(format, "type", node);
      VendorJson.copy(format, "schema", node);
    }
  }

  private static void tools(JsonNode tools, ObjectNode ours, UncarriedFields uncarried) {
    ArrayNode carried = VendorJson.newObject().arrayNode();
    for (int i = 0; i < tools.size(); i++) {
      tool(tools.path(i), "tools[" + i + "]", uncarried).ifPresent(carried::add);
    }
    if (!carried.isEmpty()) {
      ours.set("tools", carried);
    }
  }

  /** A tool with a type of its own is one of this vendor's; empty if it has no equivalent. */
  private static Optional<ObjectNode> tool(JsonNode tool, String field, UncarriedFields uncarried) {
    String type = tool.path("type").asText("custom");
    if (type.startsWith(TOOL_SEARCH)) {
      uncarried.harmless(field);
      return Optional.empty();
    }
    if (!type.equals("custom")) {
      uncarried.essential(field);
      return Optional.empty();
    }
    ObjectNode ours = VendorJson.newObject().put(FieldNames.FROM, field);
    VendorJson.copy(tool, "name", ours);
    VendorJson.copy(tool, "description", ours);
    VendorJson.copy(tool, "input_schema", ours, "parameters");
    VendorJson.copy(tool, "strict", ours);
    VendorJson.copy(tool, "cache_control", ours);
    uncarried.unknownIn(tool, field, TOOL_FIELDS);
    return Optional.of(ours);
  }

  private static void choice(JsonNode choice, ObjectNode ours, UncarriedFields uncarried) {
    if (!choice.isObject()) {
      return;
    }
    if (!CHOICES.contains(choice.path("type").asText())) {
      uncarried.essential("tool_choice.type");
      return;
    }
    ObjectNode node = ours.putObject("tool_choice");
    VendorJson.copy(choice, "type", node);
    VendorJson.copy(choice, "name", node);
    if (choice.path("disable_parallel_tool_use").asBoolean()) {
      ours.put("parallel_tool_calls", false);
    }
  }
}
