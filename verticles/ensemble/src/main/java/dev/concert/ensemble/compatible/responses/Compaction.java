package dev.concert.ensemble.compatible.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.compatible.VendorJson;
import dev.concert.ensemble.message.ConversationSummary;
import dev.concert.ensemble.message.InferenceResponse;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.stream.Collectors;

/**
 * Makes a long conversation shorter: everything is replaced by one item. OpenAI does that itself.
 * Other models are asked for a summary, which becomes the text of that item.
 */
final class Compaction {
  static final String TRIGGER = "compaction_trigger";

  /** What another vendor's model is told in place of the trigger. */
  static final String PROMPT =
      "Write a summary of this conversation for a model that goes on with the work and sees nothing"
          + " else of it. Say what the user wants, what was decided and why, what was done, which"
          + " files, commands and results matter, and what is left to do. Keep names, paths,"
          + " numbers and wishes of the user exactly. Do not call a tool. Answer with the summary"
          + " only.";

  private Compaction() {}

  /** Whether the request ends with an item that asks for it. */
  static boolean isAsked(ObjectNode body) {
    JsonNode input = body.path("input");
    return isTrigger(input.path(input.size() - 1));
  }

  static boolean isTrigger(JsonNode item) {
    return item.path("type").asText().equals(TRIGGER);
  }

  /** Asks for it at the end of a request. */
  static void ask(ObjectNode body) {
    ArrayNode items = VendorJson.newObject().arrayNode();
    if (body.path("input").isTextual()) {
      items.add(message(body.path("input")));
    } else if (body.path("input").isArray()) {
      items.addAll((ArrayNode) body.path("input"));
    }
    if (items.isEmpty()) {
      throw VendorJson.wrong("input", "must be a string or an array with at least one item");
    }
    items.addObject().put("type", TRIGGER);
    body.set("input", items);
  }

  /**
   * The item that replaces the conversation.
   *
   * @throws ConcertException if the model wrote no text
   */
  static ObjectNode item(String id, InferenceResponse response) {
    String text =
        response.blocks().stream()
            .filter(TextBlock.class::isInstance)
            .map(block -> ((TextBlock) block).text())
            .collect(Collectors.joining())
            .strip();
    if (text.isEmpty()) {
      throw new ConcertException(
          ErrorCode.PROVIDER_FAILED,
          "The model '" + response.model() + "' wrote no summary of the conversation.");
    }
    return VendorJson.newObject()
        .put("type", "compaction")
        .put("id", id)
        .put("encrypted_content", new ConversationSummary(text).token());
  }

  /** What the user has said stays beside the summary. */
  static ArrayNode kept(ObjectNode body, String requestId) {
    ArrayNode kept = VendorJson.newObject().arrayNode();
    if (body.path("input").isTextual()) {
      return kept.add(message(body.path("input")).put("status", "completed"));
    }
    for (JsonNode item : body.path("input")) {
      boolean message = item.path("type").asText("message").equals("message");
      if (message && item.path("role").asText().equals("user")) {
        ObjectNode same = message(item.path("content"));
        String id = item.path("id").asText("msg_ens_" + requestId + "_" + kept.size());
        kept.add(same.put("id", id).put("status", "completed"));
      }
    }
    return kept;
  }

  private static ObjectNode message(JsonNode content) {
    ObjectNode message = VendorJson.newObject().put("type", "message").put("role", "user");
    if (content.isTextual()) {
      message
          .putArray("content")
          .addObject()
          .put("type", "input_text")
          .put("text", content.asText());
    } else {
      message.set("content", content);
    }
    return message;
  }
}
