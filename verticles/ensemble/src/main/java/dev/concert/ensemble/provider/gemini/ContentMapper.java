package dev.concert.ensemble.provider.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.message.Message;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Builds the contents of the user and the model, which alternate: adjacent messages of one side are
 * joined, because all results of parallel calls must be in one content.
 *
 * <p>A result has to name its function, so the names of calls are remembered.
 */
final class ContentMapper {
  private final ArrayNode system = JsonNodeFactory.instance.arrayNode();
  private final ArrayNode contents = JsonNodeFactory.instance.arrayNode();
  private final Map<String, String> namesOfCalls = new HashMap<>();
  private final Set<String> idsOfVendor = new HashSet<>();
  private final PartMapper parts = new PartMapper();

  void add(Message message) {
    switch (message.role()) {
      case SYSTEM -> message.parts().forEach(part -> parts.write(part).ifPresent(system::add));
      case USER -> add("user", message);
      case ASSISTANT -> {
        add("model", message);
        message.parts().forEach(this::remember);
      }
      case TOOL -> result(message);
    }
  }

  ArrayNode system() {
    return system;
  }

  /**
   * The API refuses a conversation of instructions only. The last one becomes the question; without
   * any text there is the shortest one.
   */
  void beginWithUser() {
    if (written().isEmpty()) {
      if (system.isEmpty()) {
        partsOf("user").addObject().put("text", ".");
      } else {
        partsOf("user").add(system.remove(system.size() - 1));
      }
    }
  }

  ArrayNode written() {
    ArrayNode said = JsonNodeFactory.instance.arrayNode();
    contents.forEach(
        content -> {
          if (!content.path("parts").isEmpty()) {
            said.add(content);
          }
        });
    return said;
  }

  private void add(String role, Message message) {
    ArrayNode list = partsOf(role);
    boolean firstCall = true;
    for (ContentBlock part : message.parts()) {
      parts.write(part).ifPresent(list::add);
      if (part instanceof ToolCallBlock call && firstCall) {
        firstCall = false;
        PartMapper.excuseMissingSignature((ObjectNode) list.get(list.size() - 1), call);
      }
    }
  }

  private void remember(ContentBlock part) {
    if (part instanceof ToolCallBlock call) {
      namesOfCalls.put(call.call().id(), call.call().name());
      if (PartMapper.hasVendorsId(call)) {
        idsOfVendor.add(call.call().id());
      }
    }
  }

  private void result(Message message) {
    ArrayNode list = partsOf("user");
    ObjectNode response = list.addObject().putObject("functionResponse");
    if (idsOfVendor.contains(message.toolCallId())) {
      response.put("id", message.toolCallId());
    }
    response.put("name", namesOfCalls.getOrDefault(message.toolCallId(), "unknown"));
    response.putObject("response").put(message.failed() ? "error" : "output", message.plainText());
    message.parts().stream()
        .filter(part -> !(part instanceof TextBlock))
        .forEach(part -> parts.write(part).ifPresent(list::add));
  }

  private ArrayNode partsOf(String role) {
    ObjectNode last = (ObjectNode) contents.get(contents.size() - 1);
    boolean sameSide = last != null && last.path("role").asText().equals(role);
    return sameSide
        ? (ArrayNode) last.path("parts")
        : contents.addObject().put("role", role).putArray("parts");
  }
}
