package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.compatible.Body;

/**
 * The items of an input as our messages. What an assistant said in several items in a row is one
 * message.
 */
final class InputConversation {
  private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
  private final AssistantItems assistant;

  /** The blocks of the assistant's message that is open; null when none is. */
  private ArrayNode open;

  private int at;

  /**
   * @param input all of it: what belongs to an item may come in another one
   */
  InputConversation(JsonNode input) {
    assistant = new AssistantItems(input);
  }

  ArrayNode written() {
    return messages;
  }

  void system(JsonNode text) {
    messages.addObject().put("role", "system").set("content", text);
  }

  void user(JsonNode text) {
    messages.addObject().put("role", "user").set("content", text);
  }

  void add(JsonNode item) {
    String field = "input[" + at++ + "]";
    if (!item.isObject()) {
      throw Body.wrong(field, "must be an object");
    }
    switch (item.path("type").asText("message")) {
      case "message" -> message((ObjectNode) item, field);
      case "function_call_output" -> result(item, field);
      case "item_reference" ->
          throw Body.wrong(field, "refers to a stored item, and nothing is stored here: send it");
      default -> assistant.add((ObjectNode) item, assistantsMessage());
    }
  }

  private void message(ObjectNode item, String field) {
    String role = item.path("role").asText();
    switch (role) {
      case "assistant" -> assistant.message(item, assistantsMessage(), field);
      case "user", "system", "developer" -> {
        open = null;
        ObjectNode ours = messages.addObject().put("role", role.equals("user") ? role : "system");
        InputParts.content(item.path("content"), ours, field + ".content");
      }
      default ->
          throw Body.wrong(field + ".role", "must be one of user, assistant, system, developer");
    }
  }

  private void result(JsonNode item, String field) {
    open = null;
    ObjectNode ours = messages.addObject().put("role", "tool");
    Body.copy(item, "call_id", ours, "tool_call_id");
    InputParts.content(item.path("output"), ours, field + ".output");
  }

  private ArrayNode assistantsMessage() {
    if (open == null) {
      open = messages.addObject().put("role", "assistant").putArray("content_blocks");
    }
    return open;
  }
}
