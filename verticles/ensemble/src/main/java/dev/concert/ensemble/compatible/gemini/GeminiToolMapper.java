package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.compatible.VendorJson;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Converts {@code tools} and {@code toolConfig}.
 *
 * <p>Format: https://ai.google.dev/api/caching#Tool
 */
final class GeminiToolMapper {
  private static final Set<String> KNOWN_FUNCTION =
      Set.of("name", "description", "parameters", "parametersJsonSchema");
  private static final Set<String> KNOWN_CONFIG = Set.of("functionCallingConfig");
  private static final Set<String> KNOWN_CALLS = Set.of("mode", "allowedFunctionNames");

  private GeminiToolMapper() {}

  static void convert(ObjectNode body, ObjectNode ours, UncarriedFields uncarried) {
    ArrayNode tools = ours.arrayNode();
    JsonNode theirs = GeminiFields.array(body, "tools", "");
    for (int i = 0; i < theirs.size(); i++) {
      add(theirs.get(i), "tools[" + i + "]", tools, uncarried);
    }
    ObjectNode all = GeminiFields.object(body, "toolConfig", "").orElseGet(VendorJson::newObject);
    ObjectNode config =
        GeminiFields.object(all, "functionCallingConfig", "toolConfig.")
            .orElseGet(VendorJson::newObject);
    GeminiRequestMapper.name(all, "toolConfig.", KNOWN_CONFIG, uncarried);
    GeminiRequestMapper.name(config, "toolConfig.functionCallingConfig.", KNOWN_CALLS, uncarried);
    ArrayNode offered = choice(config, tools, ours, uncarried);
    if (!offered.isEmpty()) {
      ours.set("tools", offered);
    }
  }

  private static void add(JsonNode tool, String field, ArrayNode tools, UncarriedFields uncarried) {
    if (!(tool instanceof ObjectNode)) {
      throw VendorJson.wrong(field, "must be an object");
    }
    for (Map.Entry<String, JsonNode> entry : tool.properties()) {
      String name = GeminiFields.camel(entry.getKey());
      if (!name.equals("functionDeclarations")) {
        ObjectNode ours = tools.addObject().put("name", name);
        ObjectNode own =
            ours.put(FieldNames.FROM, field + "." + entry.getKey()).putObject("server_tool");
        own.put("type", name);
        if (entry.getValue() instanceof ObjectNode options) {
          own.setAll(options);
        }
        continue;
      }
      JsonNode functions = GeminiFields.array(tool, name, field + ".");
      for (int i = 0; i < functions.size(); i++) {
        String place = field + "." + entry.getKey() + "[" + i + "]";
        tools.add(function(functions.get(i), place));
        GeminiRequestMapper.name(functions.get(i), place + ".", KNOWN_FUNCTION, uncarried);
      }
    }
  }

  private static ObjectNode function(JsonNode function, String field) {
    ObjectNode tool = VendorJson.newObject().put(FieldNames.FROM, field);
    if (!function.path("name").isTextual()) {
      throw VendorJson.wrong(field + ".name", "is required");
    }
    tool.put("name", function.path("name").asText());
    VendorJson.copy(function, "description", tool);
    JsonNode schema = GeminiFields.get(function, "parametersJsonSchema");
    JsonNode parameters = GeminiFields.get(function, "parameters");
    if (!schema.isMissingNode()) {
      tool.set("parameters", schema);
    } else if (!parameters.isMissingNode()) {
      tool.set("parameters", GeminiSchema.toJsonSchema(parameters, field + ".parameters"));
    }
    return tool;
  }

  /** Sets the choice; returns the tools that may be called. */
  private static ArrayNode choice(
      ObjectNode config, ArrayNode tools, ObjectNode ours, UncarriedFields uncarried) {
    String mode = GeminiFields.text(config, "mode");
    JsonNode names =
        GeminiFields.array(config, "allowedFunctionNames", "toolConfig.functionCallingConfig.");
    switch (mode) {
      case "", "MODE_UNSPECIFIED" -> {
        return tools;
      }
      case "AUTO" -> ours.putObject("tool_choice").put("type", "auto");
      case "NONE" -> ours.putObject("tool_choice").put("type", "none");
      case "VALIDATED" -> {
        tools.forEach(tool -> strict((ObjectNode) tool));
        ours.putObject("tool_choice").put("type", "auto");
      }
      case "ANY" -> {
        if (names.size() == 1) {
          ours.putObject("tool_choice").put("type", "tool").set("name", names.get(0));
          return tools;
        }
        ours.putObject("tool_choice").put("type", "any");
      }
      default -> uncarried.essential("toolConfig.functionCallingConfig.mode");
    }
    return names.isEmpty() ? tools : only(names, tools);
  }

  private static void strict(ObjectNode tool) {
    if (!tool.has("server_tool")) {
      tool.put("strict", true);
    }
  }

  private static ArrayNode only(JsonNode names, ArrayNode tools) {
    Set<String> allowed = new HashSet<>();
    names.forEach(name -> allowed.add(name.asText()));
    ArrayNode some = tools.arrayNode();
    for (JsonNode tool : tools) {
      if (tool.has("server_tool") || allowed.contains(tool.path("name").asText())) {
        some.add(tool);
      }
    }
    return some;
  }
}
