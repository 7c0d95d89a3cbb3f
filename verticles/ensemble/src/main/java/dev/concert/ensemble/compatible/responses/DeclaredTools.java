package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.CustomTool;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The tools of a request. This API has tools that others do not know: custom tools, whose input is
 * a text; tools in a namespace; and the search among tools that the client runs. For other vendors
 * they become functions, and a call of such a function becomes a call of the client's tool again.
 */
final class DeclaredTools {
  private static final int LONGEST_NAME = 64;

  private static final Set<String> FUNCTION_FIELDS =
      Set.of("type", "name", "description", "parameters", "strict");

  private static final Set<String> CUSTOM_FIELDS = Set.of("type", "name", "description", "format");

  /** Tools that the client runs, in ways that only OpenAI's models know. */
  private static final Set<String> OPEN_AIS = Set.of("local_shell", "apply_patch");

  /** How the client calls a tool. */
  enum Kind {
    FUNCTION,
    CUSTOM,
    SEARCH
  }

  /**
   * A tool as the client knows it.
   *
   * @param namespace empty for none
   */
  record Declared(Kind kind, String namespace, String name) {}

  private final Map<String, Declared> byFunction = new HashMap<>();
  private final ArrayNode functions = JsonNodeFactory.instance.arrayNode();
  private final UncarriedFields uncarried;

  DeclaredTools(UncarriedFields uncarried) {
    this.uncarried = uncarried;
  }

  /** The tools in the native format. */
  ArrayNode functions() {
    return functions;
  }

  /** The client's tool behind the function that a model has called. */
  Declared of(String function) {
    return byFunction.getOrDefault(function, new Declared(Kind.FUNCTION, "", function));
  }

  /** The name of the function that stands for a tool in a namespace. */
  static String function(String namespace, String name) {
    String whole = namespace.isEmpty() ? name : namespace + "__" + name;
    return whole.length() <= LONGEST_NAME
        ? whole
        : whole.substring(0, LONGEST_NAME - 9) + "_" + Integer.toHexString(whole.hashCode());
  }

  void addAll(JsonNode tools, String field) {
    for (int i = 0; i < tools.size(); i++) {
      add(tools.path(i), "", field + "[" + i + "]");
    }
  }

  private void add(JsonNode tool, String namespace, String field) {
    String type = tool.path("type").asText();
    String name = tool.path("name").asText();
    switch (type) {
      case "function" -> {
        ObjectNode ours = declare(new Declared(Kind.FUNCTION, namespace, name));
        ours.put(FieldNames.FROM, field);
        for (String same : new String[] {"description", "parameters", "strict"}) {
          VendorJson.copy(tool, same, ours);
        }
        uncarried.unknownIn(tool, field, FUNCTION_FIELDS);
      }
      case "custom" -> {
        ObjectNode ours = declare(new Declared(Kind.CUSTOM, namespace, name));
        ours.put(FieldNames.FROM, field);
        ours.put("description", description(tool));
        ours.set("parameters", CustomTool.parameters());
        uncarried.unknownIn(tool, field, CUSTOM_FIELDS);
      }
      case "namespace" -> {
        uncarried.unknownContentIn(tool, field, Set.of("type", "name", "tools"));
        for (int i = 0; i < tool.path("tools").size(); i++) {
          add(tool.path("tools").path(i), name, field + ".tools[" + i + "]");
        }
      }
      case "tool_search" -> {
        ObjectNode ours = declare(new Declared(Kind.SEARCH, "", type));
        VendorJson.copy(tool, "description", ours);
        VendorJson.copy(tool, "parameters", ours);
      }
      // Runs at the vendor and is passed on unchanged, where the operator allows it.
      default -> {
        if (OPEN_AIS.contains(type)) {
          uncarried.essential(field);
        }
        functions
            .addObject()
            .put(FieldNames.FROM, field)
            .put("name", name.isEmpty() ? type : name)
            .set("server_tool", tool);
      }
    }
  }

  private ObjectNode declare(Declared tool) {
    String function = function(tool.namespace(), tool.name());
    byFunction.put(function, tool);
    return functions.addObject().put("name", function);
  }

  private static String description(JsonNode tool) {
    return CustomTool.description(
        tool.path("description").asText(), tool.path("format").path("definition").asText());
  }
}
