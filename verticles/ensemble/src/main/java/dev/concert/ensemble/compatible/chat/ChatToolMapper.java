package dev.concert.ensemble.compatible.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.CustomTool;
import java.util.Set;

/**
 * Converts the tools of a request to the native format: functions, custom tools, and functions as
 * they were before there were tools.
 */
final class ChatToolMapper {
  private static final Set<String> TOOL = Set.of("type", "function", "cache_control");
  private static final Set<String> FUNCTION = Set.of("name", "description", "parameters", "strict");
  private static final Set<String> CUSTOM_TOOL = Set.of("type", "custom");
  private static final Set<String> CUSTOM = Set.of("name", "description", "format");
  private static final Set<String> CHOICES = Set.of("auto", "none", "required", "any");

  private final ObjectNode ours;
  private final UncarriedFields uncarried;

  ChatToolMapper(ObjectNode ours, UncarriedFields uncarried) {
    this.ours = ours;
    this.uncarried = uncarried;
  }

  /** Adds the tools of the client's body, and its choice among them. */
  void add(ObjectNode body) {
    JsonNode tools = VendorJson.arrayIn(body, "tools", "");
    JsonNode functions = VendorJson.arrayIn(body, "functions", "");
    if (!tools.isMissingNode() && !functions.isMissingNode()) {
      throw VendorJson.wrong("functions", "cannot be beside tools: they are the same");
    }
    if (!tools.isMissingNode()) {
      ArrayNode all = ours.putArray("tools");
      for (int i = 0; i < tools.size(); i++) {
        all.add(tool(tools.path(i), "tools[" + i + "]"));
      }
    }
    if (!functions.isMissingNode()) {
      ArrayNode all = ours.putArray("tools");
      for (int i = 0; i < functions.size(); i++) {
        all.add(function(functions.path(i), "functions[" + i + "]"));
      }
      // An answer has room for one call.
      ours.put("parallel_tool_calls", false);
    }
    choice(body.path("tool_choice"), "tool_choice");
    choiceOfFunction(body.path("function_call"));
  }

  private ObjectNode tool(JsonNode tool, String field) {
    String type = tool.path("type").asText();
    return switch (type) {
      case "function" -> {
        uncarried.unknownIn(tool, field, TOOL);
        ObjectNode function =
            function(VendorJson.objectIn(tool, type, field + "."), field + ".function");
        if (VendorJson.objectIn(tool, "cache_control", field + ".") instanceof ObjectNode mark) {
          function.set(
              "cache_control", mark.deepCopy().put(FieldNames.FROM, field + ".cache_control"));
        }
        yield function;
      }
      case "custom" -> custom(tool, field);
      case "" -> throw VendorJson.wrong(field + ".type", "is required");
      default -> {
        // Runs at the vendor and is passed on unchanged, where the operator allows it.
        ObjectNode theirs = VendorJson.newObject().put(FieldNames.FROM, field).put("name", type);
        theirs.set("server_tool", tool);
        yield theirs;
      }
    };
  }

  private ObjectNode function(JsonNode function, String field) {
    ObjectNode tool = VendorJson.newObject().put(FieldNames.FROM, field);
    for (String same : new String[] {"name", "description", "parameters", "strict"}) {
      VendorJson.copy(function, same, tool);
    }
    uncarried.unknownIn(function, field, FUNCTION);
    return tool;
  }

  private ObjectNode custom(JsonNode tool, String field) {
    JsonNode custom = VendorJson.objectIn(tool, "custom", field + ".");
    ObjectNode function = VendorJson.newObject().put(FieldNames.FROM, field + ".custom");
    VendorJson.copy(custom, "name", function);
    JsonNode grammar = custom.path("format").path("grammar").path("definition");
    function.put(
        "description",
        CustomTool.description(custom.path("description").asText(), grammar.asText()));
    function.set("parameters", CustomTool.parameters());
    uncarried.unknownIn(tool, field, CUSTOM_TOOL);
    uncarried.unknownIn(custom, field + ".custom", CUSTOM);
    if (!grammar.isMissingNode()) {
      // It is described, and nothing makes the model follow it.
      uncarried.harmless(field + ".custom.format");
    }
    return function;
  }

  private void choice(JsonNode choice, String field) {
    if (choice.isObject()) {
      String type = choice.path("type").asText("function");
      if (type.equals("function") || type.equals("custom")) {
        chosen(choice.path(type).path("name").asText());
      } else {
        // Such as some of the tools: a server with this API may know it.
        uncarried.essential(field);
      }
    } else if (CHOICES.contains(choice.asText())) {
      String word = choice.asText();
      ours.putObject("tool_choice").put("type", word.equals("required") ? "any" : word);
    } else if (choice.isTextual()) {
      uncarried.essential(field);
    } else if (!choice.isMissingNode() && !choice.isNull()) {
      throw VendorJson.wrong(field, "must be a word, or name a function");
    }
  }

  private void choiceOfFunction(JsonNode choice) {
    if (choice.isObject()) {
      chosen(choice.path("name").asText());
    } else {
      choice(choice, "function_call");
    }
  }

  private void chosen(String tool) {
    ours.putObject("tool_choice").put("type", "tool").put("name", tool);
  }
}
