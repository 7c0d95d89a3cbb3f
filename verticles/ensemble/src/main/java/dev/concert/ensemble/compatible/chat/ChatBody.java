package dev.concert.ensemble.compatible.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.Body;

/** A request of Chat Completions in the JSON of {@code /api/v1}. */
final class ChatBody {
  private ChatBody() {}

  static void refuseWhatIsNotServed(ObjectNode body) {
    if (body.path("n").asInt(1) != 1) {
      throw Body.wrong("n", "only one choice is served");
    }
    if (body.path("logprobs").asBoolean()) {
      throw Body.wrong("logprobs", "is not served");
    }
    if (Body.has(body, "functions") || Body.has(body, "function_call")) {
      throw Body.wrong("functions", "is not served: use tools");
    }
    if (Body.has(body, "audio") || body.path("modalities").toString().contains("audio")) {
      throw Body.wrong("modalities", "only text is answered");
    }
  }

  static ObjectNode toOurs(ObjectNode body) {
    ObjectNode ours = Body.newObject();
    Body.copy(body, "model", ours);
    Body.copy(body, "max_tokens", ours);
    Body.copy(body, "max_completion_tokens", ours, "max_tokens");
    Body.copy(body, "temperature", ours);
    Body.copy(body, "top_p", ours);
    Body.copy(body, "parallel_tool_calls", ours);
    Body.copy(body, "prompt_cache_key", ours, "cache_key");
    stop(body.path("stop"), ours);
    if (Body.has(body, "reasoning_effort")) {
      ours.putObject("thinking").set("effort", body.path("reasoning_effort"));
    }
    format(body.path("response_format"), ours);
    if (Body.has(body, "tools")) {
      ArrayNode tools = ours.putArray("tools");
      body.path("tools").forEach(tool -> tools.add(tool(tool, "tools[" + tools.size() + "]")));
    }
    choice(body.path("tool_choice"), ours);
    if (!body.path("messages").isArray()) {
      throw Body.wrong("messages", "must be an array with at least one message");
    }
    ChatConversation conversation = new ChatConversation();
    body.path("messages").forEach(conversation::add);
    ours.set("messages", conversation.written());
    return ours;
  }

  private static void stop(JsonNode stop, ObjectNode ours) {
    if (stop.isTextual()) {
      ours.putArray("stop_sequences").add(stop);
    } else if (stop.isArray()) {
      ours.set("stop_sequences", stop);
    }
  }

  private static void format(JsonNode format, ObjectNode ours) {
    if (!format.isObject()) {
      return;
    }
    ObjectNode node = ours.putObject("response_format");
    Body.copy(format, "type", node);
    JsonNode schema = format.path("json_schema");
    Body.copy(schema, "name", node);
    Body.copy(schema, "schema", node);
    Body.copy(schema, "strict", node);
  }

  private static ObjectNode tool(JsonNode tool, String field) {
    JsonNode function = tool.path("function");
    if (!tool.path("type").asText().equals("function") || !function.isObject()) {
      throw Body.wrong(field, "must be of type 'function'");
    }
    ObjectNode ours = Body.newObject();
    Body.copy(function, "name", ours);
    Body.copy(function, "description", ours);
    Body.copy(function, "parameters", ours);
    Body.copy(function, "strict", ours);
    Body.copy(tool, "cache_control", ours);
    return ours;
  }

  private static void choice(JsonNode choice, ObjectNode ours) {
    if (choice.isObject()) {
      ours.putObject("tool_choice")
          .put("type", "tool")
          .put("name", choice.path("function").path("name").asText());
    } else if (choice.isTextual()) {
      String word = choice.asText();
      ours.putObject("tool_choice").put("type", word.equals("required") ? "any" : word);
    }
  }
}
