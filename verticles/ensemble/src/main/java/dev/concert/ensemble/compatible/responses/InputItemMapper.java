package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.block.OpaqueToken;
import dev.concert.ensemble.compatible.FieldNames;
import dev.concert.ensemble.compatible.UncarriedFields;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.ConversationSummary;
import java.util.Optional;
import java.util.Set;

/**
 * Converts the items of an input to native messages. Consecutive items of the assistant become one
 * message.
 */
final class InputItemMapper {
  private static final Set<String> MESSAGE = Set.of("type", "id", "role", "content", "status");
  private static final Set<String> RESULT = Set.of("type", "id", "call_id", "output", "status");

  private final JsonNode input;
  private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
  private final AssistantItemMapper assistant;
  private final InputPartMapper parts;
  private final DeclaredTools tools;
  private final UncarriedFields uncarried;

  /** The blocks of the open message of the assistant; null if none is open. */
  private ArrayNode open;

  private int at;

  /**
   * @param input all items: data of one item may be in another one
   * @param tools receives the tools that items bring
   */
  InputItemMapper(JsonNode input, DeclaredTools tools, UncarriedFields uncarried) {
    this.input = input;
    this.tools = tools;
    this.uncarried = uncarried;
    this.parts = new InputPartMapper(uncarried);
    assistant = new AssistantItemMapper(input, uncarried);
  }

  ArrayNode written() {
    return messages;
  }

  void system(JsonNode text) {
    messages.addObject().put("role", "system").set("content", text);
  }

  void user(JsonNode text) {
    open = null;
    messages.addObject().put("role", "user").set("content", text);
  }

  void add(JsonNode item) {
    String field = "input[" + at++ + "]";
    if (!item.isObject()) {
      throw VendorJson.wrong(field, "must be an object");
    }
    switch (item.path("type").asText("message")) {
      case "message" -> message((ObjectNode) item, field);
      case "function_call_output", "custom_tool_call_output" -> {
        result(item, item.path("output"), field);
        uncarried.unknownContentIn(item, field, RESULT);
      }
      case "tool_search_output" -> {
        tools.addAll(item.path("tools"), field + ".tools");
        result(item, TextNode.valueOf(ExactJson.text(item.path("tools"))), field);
      }
      case Compaction.TRIGGER -> {
        if (at < input.size()) {
          throw VendorJson.wrong(field, "must be the last item");
        }
        user(TextNode.valueOf(Compaction.PROMPT));
      }
      case "additional_tools" -> tools.addAll(item.path("tools"), field + ".tools");
      case "item_reference" ->
          throw VendorJson.wrong(
              field, "refers to a stored item, and items are not stored: send the item itself");
      default -> {
        Optional<ConversationSummary> summary =
            Optional.of(item)
                .filter(each -> each.path("type").asText().startsWith("compaction"))
                .flatMap(each -> ConversationSummary.of(each.path("encrypted_content").asText()));
        if (summary.isPresent()) {
          user(TextNode.valueOf(summary.get().asMessage()));
          return;
        }
        carryOrNote(item, field);
        ArrayNode blocks = assistantsMessage();
        int before = blocks.size();
        assistant.add((ObjectNode) item, blocks);
        for (int i = before; i < blocks.size(); i++) {
          ((ObjectNode) blocks.path(i)).put(FieldNames.FROM, field);
        }
      }
    }
  }

  /** Items of tools at the vendor, and of others that are not known, are only for the vendor. */
  private void carryOrNote(JsonNode item, String field) {
    String type = item.path("type").asText();
    switch (type) {
      case "function_call", "custom_tool_call", "tool_search_call" -> {
        // A call of one of the client's tools.
      }
      case "reasoning" -> {
        String encrypted = item.path("encrypted_content").asText();
        if (!encrypted.isEmpty() && !OpaqueToken.isOurs(encrypted)) {
          uncarried.harmless(field + ".encrypted_content");
        }
      }
      default -> {
        if (type.endsWith("_output") || type.startsWith("compaction")) {
          uncarried.essential(field);
        } else {
          uncarried.harmless(field);
        }
      }
    }
  }

  private void message(ObjectNode item, String field) {
    String role = item.path("role").asText();
    uncarried.unknownContentIn(item, field, MESSAGE);
    switch (role) {
      case "assistant" -> assistant.message(item, assistantsMessage(), field);
      case "user", "system", "developer" -> {
        open = null;
        ObjectNode ours = messages.addObject().put(FieldNames.FROM, field);
        ours.put("role", role.equals("user") ? role : "system");
        parts.content(item.path("content"), ours, field + ".content");
      }
      default ->
          throw VendorJson.wrong(
              field + ".role", "must be one of user, assistant, system, developer");
    }
  }

  private void result(JsonNode item, JsonNode output, String field) {
    open = null;
    ObjectNode ours = messages.addObject().put(FieldNames.FROM, field).put("role", "tool");
    VendorJson.copy(item, "call_id", ours, "tool_call_id");
    parts.content(output, ours, field + ".output");
  }

  private ArrayNode assistantsMessage() {
    if (open == null) {
      open = messages.addObject().put("role", "assistant").putArray("content_blocks");
    }
    return open;
  }
}
