package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.Body;

/** A request of the Responses API in the JSON of {@code /api/v1}. */
final class ResponsesBody {
  private ResponsesBody() {}

  static void refuseWhatIsNotServed(ObjectNode body) {
    for (String stored : new String[] {"previous_response_id", "conversation", "prompt"}) {
      if (Body.has(body, stored)) {
        throw Body.wrong(
            stored, "is not served, for nothing is stored here: send the whole conversation");
      }
    }
    if (body.path("background").asBoolean()) {
      throw Body.wrong("background", "is not served");
    }
    if (body.path("top_logprobs").asInt() > 0) {
      throw Body.wrong("top_logprobs", "is not served");
    }
  }

  static ObjectNode toOurs(ObjectNode body) {
    ObjectNode ours = Body.newObject();
    Body.copy(body, "model", ours);
    Body.copy(body, "max_output_tokens", ours, "max_tokens");
    Body.copy(body, "temperature", ours);
    Body.copy(body, "top_p", ours);
    Body.copy(body, "parallel_tool_calls", ours);
    Body.copy(body, "prompt_cache_key", ours, "cache_key");
    if (Body.has(body.path("reasoning"), "effort")) {
      ours.putObject("thinking").set("effort", body.path("reasoning").path("effort"));
    }
    format(body.path("text").path("format"), ours);
    if (Body.has(body, "tools")) {
      ArrayNode tools = ours.putArray("tools");
      body.path("tools").forEach(tool -> tools.add(tool(tool)));
    }
    choice(body.path("tool_choice"), ours);
    ours.set("messages", messages(body));
    return ours;
  }

  private static ArrayNode messages(ObjectNode body) {
    JsonNode input = body.path("input");
    InputConversation conversation = new InputConversation(input);
    if (body.path("instructions").isTextual() && !body.path("instructions").asText().isEmpty()) {
      conversation.system(body.path("instructions"));
    }
    if (input.isTextual()) {
      conversation.user(input);
    } else if (input.isArray() && !input.isEmpty()) {
      input.forEach(conversation::add);
    } else {
      throw Body.wrong("input", "must be a string or an array with at least one item");
    }
    return conversation.written();
  }

  private static void format(JsonNode format, ObjectNode ours) {
    if (format.isObject()) {
      ObjectNode node = ours.putObject("response_format");
      for (String same : new String[] {"type", "name", "schema", "strict"}) {
        Body.copy(format, same, node);
      }
    }
  }

  /** Whatever is no function runs at the vendor, and is passed on as it is. */
  private static ObjectNode tool(JsonNode tool) {
    ObjectNode ours = Body.newObject();
    String type = tool.path("type").asText();
    if (!type.equals("function")) {
      ours.put("name", tool.path("name").asText(type)).set("server_tool", tool);
      return ours;
    }
    for (String same : new String[] {"name", "description", "parameters", "strict"}) {
      Body.copy(tool, same, ours);
    }
    return ours;
  }

  private static void choice(JsonNode choice, ObjectNode ours) {
    if (choice.isTextual()) {
      String word = choice.asText();
      ours.putObject("tool_choice").put("type", word.equals("required") ? "any" : word);
    } else if (choice.path("type").asText().equals("function")) {
      ours.putObject("tool_choice").put("type", "tool").set("name", choice.path("name"));
    } else if (choice.isObject()) {
      throw Body.wrong("tool_choice.type", "must be 'function'");
    }
  }
}
