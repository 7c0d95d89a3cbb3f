package dev.concert.ensemble.compatible.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.CustomTool;
import java.util.HashSet;
import java.util.Set;

/**
 * The client's tools, as an answer has to write their calls. To models all of them are functions.
 *
 * @param custom the names of custom tools
 * @param former whether the client declared {@code functions}, as it was before there were tools
 */
record ChatTools(Set<String> custom, boolean former) {

  static ChatTools of(ObjectNode body) {
    Set<String> custom = new HashSet<>();
    for (JsonNode tool : body.path("tools")) {
      if (tool.path("type").asText().equals("custom")) {
        custom.add(tool.path("custom").path("name").asText());
      }
    }
    return new ChatTools(custom, VendorJson.has(body, "functions"));
  }

  boolean isCustom(String name) {
    return custom.contains(name);
  }

  /** An entry of {@code tool_calls}. */
  ObjectNode call(ToolCallBlock block) {
    ToolCall call = block.call();
    ObjectNode node =
        isCustom(call.name())
            ? custom(call.id(), call.name(), CustomTool.input(call.argumentsText()))
            : function(call.id(), call.name(), call.argumentsText());
    ExtraContent.write(node, block.opaque());
    return node;
  }

  static ObjectNode function(String id, String name, String arguments) {
    ObjectNode call = VendorJson.newObject().put("id", id).put("type", "function");
    call.putObject("function").put("name", name).put("arguments", arguments);
    return call;
  }

  static ObjectNode custom(String id, String name, String input) {
    ObjectNode call = VendorJson.newObject().put("id", id).put("type", "custom");
    call.putObject("custom").put("name", name).put("input", input);
    return call;
  }
}
