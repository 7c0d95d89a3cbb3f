package dev.concert.ensemble.compatible.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.Body;

/** A request of the Messages API in the JSON of {@code /api/v1}. */
final class MessagesBody {
  private MessagesBody() {}

  static ObjectNode toOurs(ObjectNode body) {
    ObjectNode ours = Body.newObject();
    for (String same :
        new String[] {
          "model", "max_tokens", "temperature", "top_p", "top_k", "stop_sequences", "cache_control"
        }) {
      Body.copy(body, same, ours);
    }
    thinking(body, ours);
    format(body.path("output_config").path("format"), ours);
    if (Body.has(body, "tools")) {
      ArrayNode tools = ours.putArray("tools");
      body.path("tools").forEach(tool -> tools.add(tool(tool)));
    }
    choice(body.path("tool_choice"), ours);
    if (!body.path("messages").isArray()) {
      throw Body.wrong("messages", "must be an array with at least one message");
    }
    MessagesConversation conversation = new MessagesConversation();
    conversation.system(body.path("system"));
    body.path("messages").forEach(conversation::add);
    ours.set("messages", conversation.written());
    return ours;
  }

  private static void thinking(ObjectNode body, ObjectNode ours) {
    JsonNode thinking = body.path("thinking");
    JsonNode effort = body.path("output_config").path("effort");
    switch (thinking.path("type").asText()) {
      case "enabled" -> Body.copy(thinking, "budget_tokens", ours.putObject("thinking"));
      case "disabled" -> ours.putObject("thinking").put("effort", "none");
      case "adaptive" -> ours.putObject("thinking").put("effort", effort.asText("medium"));
      default -> {
        if (effort.isTextual()) {
          ours.putObject("thinking").set("effort", effort);
        }
      }
    }
  }

  private static void format(JsonNode format, ObjectNode ours) {
    if (format.isObject()) {
      ObjectNode node = ours.putObject("response_format");
      Body.copy(format, "type", node);
      Body.copy(format, "schema", node);
    }
  }

  /** A tool with a type of its own runs at the vendor, and is passed on as it is. */
  private static ObjectNode tool(JsonNode tool) {
    ObjectNode ours = Body.newObject();
    Body.copy(tool, "name", ours);
    String type = tool.path("type").asText("custom");
    if (!type.equals("custom")) {
      ours.set("server_tool", tool);
      return ours;
    }
    Body.copy(tool, "description", ours);
    Body.copy(tool, "input_schema", ours, "parameters");
    Body.copy(tool, "strict", ours);
    Body.copy(tool, "cache_control", ours);
    return ours;
  }

  private static void choice(JsonNode choice, ObjectNode ours) {
    if (!choice.isObject()) {
      return;
    }
    ObjectNode node = ours.putObject("tool_choice");
    Body.copy(choice, "type", node);
    Body.copy(choice, "name", node);
    if (choice.path("disable_parallel_tool_use").asBoolean()) {
      ours.put("parallel_tool_calls", false);
    }
  }
}
