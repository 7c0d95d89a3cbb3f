package dev.concert.ensemble.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.CacheControl;
import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.message.Message;
import dev.concert.ensemble.message.Role;

/**
 * Our messages as the two that this API knows: those of the user, to whom the results of tools
 * belong, and those of the assistant. They must take turns, and all results of parallel calls must
 * be in one message, so neighbours of one side are joined.
 */
final class Conversation {
  private final ArrayNode system = JsonNodeFactory.instance.arrayNode();
  private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
  private final ContentBlocks blocks = new ContentBlocks();

  void add(Message message) {
    switch (message.role()) {
      case SYSTEM -> message.parts().forEach(part -> write(system, part));
      case USER, ASSISTANT -> {
        ArrayNode content = contentOf(message.role() == Role.USER ? "user" : "assistant");
        message.parts().forEach(part -> write(content, part));
      }
      case TOOL -> result(message);
    }
  }

  /**
   * Marks the prompt up to its end for the cache. The mark stands on the last block and not on the
   * request, because not every server of this API knows it there.
   */
  void markEnd(CacheControl control) {
    if (messages.get(messages.size() - 1) instanceof ObjectNode last) {
      mark(last.path("content"), control);
    }
  }

  /** Marks the system prompt, which other conversations share. */
  void markSystem(CacheControl control) {
    mark(system, control);
  }

  ArrayNode system() {
    return system;
  }

  /** A message without content is refused; it says nothing anyway. */
  ArrayNode messages() {
    ArrayNode said = JsonNodeFactory.instance.arrayNode();
    messages.forEach(
        message -> {
          if (!message.path("content").isEmpty()) {
            said.add(message);
          }
        });
    return said;
  }

  private static void mark(JsonNode content, CacheControl control) {
    boolean markable =
        content.path(content.size() - 1) instanceof ObjectNode last
            && !last.path("type").asText().contains("thinking");
    if (markable) {
      MessagesRequest.mark((ObjectNode) content.path(content.size() - 1), control);
    }
  }

  private void result(Message message) {
    ObjectNode node =
        contentOf("user")
            .addObject()
            .put("type", "tool_result")
            .put("tool_use_id", ContentBlocks.acceptedId(message.toolCallId()));
    if (message.content() != null) {
      node.put("content", message.content());
    } else {
      ArrayNode content = node.putArray("content");
      message.parts().forEach(part -> write(content, part));
    }
    if (message.failed()) {
      node.put("is_error", true);
    }
  }

  private ArrayNode contentOf(String role) {
    ObjectNode last = (ObjectNode) messages.get(messages.size() - 1);
    boolean sameSide = last != null && last.path("role").asText().equals(role);
    return sameSide
        ? (ArrayNode) last.path("content")
        : messages.addObject().put("role", role).putArray("content");
  }

  private void write(ArrayNode content, ContentBlock part) {
    blocks.write(part).ifPresent(content::add);
  }
}
