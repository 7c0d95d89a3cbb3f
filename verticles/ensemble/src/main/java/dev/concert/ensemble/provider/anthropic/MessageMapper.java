package dev.concert.ensemble.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.CacheControl;
import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.message.Message;
import dev.concert.ensemble.message.MessageRole;
import java.util.List;

/**
 * Builds the messages of the user, which include tool results, and of the assistant. They must
 * alternate, and all results of parallel calls must be in one message, so adjacent messages of one
 * side are joined.
 */
final class MessageMapper {
  private final ArrayNode system = JsonNodeFactory.instance.arrayNode();
  private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
  private final ContentBlockMapper blocks = new ContentBlockMapper();

  void add(Message message) {
    switch (message.role()) {
      case SYSTEM -> message.parts().forEach(part -> write(system, part));
      case USER, ASSISTANT -> {
        ArrayNode content = contentOf(message.role() == MessageRole.USER ? "user" : "assistant");
        message.parts().forEach(part -> write(content, part));
      }
      case TOOL -> result(message);
    }
  }

  /** Adds an instruction of Ensemble's own. */
  void instruct(String text) {
    system.addObject().put("type", "text").put("text", text);
  }

  /**
   * The API refuses a conversation of instructions only. The last one becomes the question; without
   * any text, which the API refuses as well, there is the shortest one.
   */
  void beginWithUser() {
    if (messages().isEmpty()) {
      ArrayNode content = contentOf("user");
      if (system.isEmpty()) {
        content.addObject().put("type", "text").put("text", ".");
      } else {
        content.add(system.remove(system.size() - 1));
      }
    }
  }

  /** Whether the last message of the assistant calls tools without having thought. */
  static boolean calledWithoutThinking(List<Message> messages) {
    for (Message message : messages.reversed()) {
      if (message.role() == MessageRole.ASSISTANT) {
        boolean thought =
            message.parts().stream()
                .anyMatch(
                    part ->
                        part instanceof ThinkingBlock thinking && thinking.signature() != null
                            || part instanceof OpaqueBlock);
        return !thought && message.parts().stream().anyMatch(ToolCallBlock.class::isInstance);
      }
      if (message.role() == MessageRole.USER) {
        // A new turn may begin with thinking.
        return false;
      }
    }
    return false;
  }

  /**
   * Marks the whole prompt for the cache. The mark is on the last block and not on the request,
   * because not every server of this API supports it there.
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

  /** Drops messages without content, which the API rejects. */
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
            .put("tool_use_id", ContentBlockMapper.acceptedId(message.toolCallId()));
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
