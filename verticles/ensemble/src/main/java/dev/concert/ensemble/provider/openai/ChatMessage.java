package dev.concert.ensemble.provider.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.DocumentBlock;
import dev.concert.ensemble.block.ImageBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.message.Message;
import dev.concert.ensemble.message.Role;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A message in OpenAI's form.
 *
 * <p>Earlier thinking is left out: this protocol has no field for it, and servers refuse those they
 * do not know.
 *
 * @param content text, a list of parts, or null when the assistant only called tools
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ChatMessage(
    String role,
    JsonNode content,
    @JsonProperty("tool_calls") List<Call> toolCalls,
    @JsonProperty("tool_call_id") String toolCallId) {

  record Call(String id, String type, Function function) {}

  record Function(String name, String arguments) {}

  static ChatMessage of(Message message) {
    List<Call> calls =
        message.parts().stream()
            .filter(ToolCallBlock.class::isInstance)
            .map(part -> call(((ToolCallBlock) part).call()))
            .toList();
    return new ChatMessage(
        message.role().name().toLowerCase(Locale.ROOT),
        content(message, !calls.isEmpty()),
        calls.isEmpty() ? null : calls,
        message.role() == Role.TOOL ? message.toolCallId() : null);
  }

  private static JsonNode content(Message message, boolean hasCalls) {
    if (message.parts().stream().anyMatch(ChatMessage::isFile)) {
      ArrayNode parts = JsonNodeFactory.instance.arrayNode();
      message.parts().forEach(part -> addPart(parts, part));
      return parts;
    }
    String text =
        message.parts().stream()
            .filter(TextBlock.class::isInstance)
            .map(part -> ((TextBlock) part).text())
            .collect(Collectors.joining());
    return text.isEmpty() && hasCalls ? null : TextNode.valueOf(text);
  }

  private static boolean isFile(ContentBlock part) {
    return part instanceof ImageBlock || part instanceof DocumentBlock;
  }

  private static void addPart(ArrayNode parts, ContentBlock part) {
    switch (part) {
      case TextBlock text -> parts.addObject().put("type", "text").put("text", text.text());
      case ImageBlock image -> {
        ObjectNode node = parts.addObject().put("type", "image_url");
        node.putObject("image_url").put("url", image.source().dataUrl());
      }
      case DocumentBlock document -> {
        ObjectNode node = parts.addObject().put("type", "file");
        node.putObject("file")
            .put("filename", "document")
            .put("file_data", document.source().dataUrl());
      }
      case ThinkingBlock thinking -> {
        // Left out, as the class says.
      }
      case ToolCallBlock call -> {
        // In 'tool_calls'.
      }
    }
  }

  private static Call call(ToolCall call) {
    return new Call(call.id(), "function", new Function(call.name(), call.argumentsText()));
  }
}
