package dev.concert.ensemble.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.AudioBlock;
import dev.concert.ensemble.block.CacheControl;
import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.DocumentBlock;
import dev.concert.ensemble.block.ImageBlock;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.message.Message;
import dev.concert.ensemble.message.MessageRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Builds the messages of Chat Completions.
 *
 * <p>Earlier thinking is sent only to the server that sent it, because the protocol has no field
 * for it. Files of a tool's result follow in a user message, because a tool message can only be
 * text.
 */
final class ChatMessages {
  private final String provider;
  private final ChatTraits traits;
  private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
  private final ArrayNode filesOfTools = JsonNodeFactory.instance.arrayNode();

  ChatMessages(String provider, ChatTraits traits) {
    this.provider = provider;
    this.traits = traits;
  }

  void add(Message message) {
    if (message.role() != MessageRole.TOOL) {
      showFilesOfTools();
    }
    ObjectNode node =
        messages.addObject().put("role", message.role().name().toLowerCase(Locale.ROOT));
    switch (message.role()) {
      case TOOL -> toolResult(node, message);
      case ASSISTANT -> assistant(node, message);
      case SYSTEM, USER -> node.set("content", content(message.parts()));
    }
  }

  ArrayNode written() {
    showFilesOfTools();
    return messages;
  }

  private void toolResult(ObjectNode node, Message message) {
    node.put("content", message.plainText()).put("tool_call_id", message.toolCallId());
    message.parts().stream()
        .filter(part -> !(part instanceof TextBlock))
        .forEach(part -> addPart(filesOfTools, part));
  }

  /** The results of parallel calls must be adjacent, so their files come after the last. */
  private void showFilesOfTools() {
    if (!filesOfTools.isEmpty()) {
      messages.addObject().put("role", "user").set("content", filesOfTools.deepCopy());
      filesOfTools.removeAll();
    }
  }

  private void assistant(ObjectNode node, Message message) {
    ArrayNode calls = JsonNodeFactory.instance.arrayNode();
    ArrayNode reasoning = JsonNodeFactory.instance.arrayNode();
    List<ThinkingBlock> thinking = new ArrayList<>();
    for (ContentBlock block : message.parts()) {
      switch (block) {
        case ToolCallBlock call -> calls.add(call(call));
        case ThinkingBlock part when traits.history() == ChatTraits.History.TEXT ->
            thinking.add(part);
        case ThinkingBlock part when traits.history() == ChatTraits.History.DETAILS ->
            details(part).forEach(reasoning::add);
        default -> {
          // Text is joined below; blocks without a field in this protocol are left out.
        }
      }
    }
    String text = joined(message.parts());
    if (!text.isEmpty() || calls.isEmpty()) {
      node.put("content", text);
    }
    if (!calls.isEmpty()) {
      node.set("tool_calls", calls);
    }
    if (!reasoning.isEmpty()) {
      node.set("reasoning_details", reasoning);
    }
    ReasoningText.write(node, provider, thinking);
  }

  private JsonNode details(ThinkingBlock thinking) {
    return Optional.ofNullable(thinking.opaque())
        .flatMap(opaque -> opaque.from(provider))
        .map(kept -> kept.path("reasoning_details"))
        .orElse(MissingNode.getInstance());
  }

  private JsonNode content(List<ContentBlock> parts) {
    boolean plain =
        parts.stream()
            .allMatch(
                part ->
                    part instanceof TextBlock text
                        && (text.cacheControl() == null || !traits.cacheMarks()));
    if (plain) {
      return JsonNodeFactory.instance.textNode(joined(parts));
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    parts.forEach(part -> addPart(list, part));
    return list;
  }

  private void addPart(ArrayNode parts, ContentBlock part) {
    switch (part) {
      case TextBlock text ->
          mark(parts.addObject().put("type", "text").put("text", text.text()), text.cacheControl());
      case ImageBlock image -> {
        ObjectNode node = parts.addObject().put("type", "image_url");
        node.putObject("image_url").put("url", image.source().dataUrl());
        mark(node, image.cacheControl());
      }
      case DocumentBlock document -> {
        ObjectNode node = parts.addObject().put("type", "file");
        node.putObject("file")
            .put("filename", document.fileName())
            .put("file_data", document.source().dataUrl());
        mark(node, document.cacheControl());
      }
      case AudioBlock audio -> {
        ObjectNode node = parts.addObject().put("type", "input_audio");
        node.putObject("input_audio")
            .put("data", audio.source().data())
            .put("format", audio.format());
      }
      case ThinkingBlock thinking -> {
        // Only in an assistant's message.
      }
      case ToolCallBlock call -> {
        // Only in an assistant's message.
      }
      case OpaqueBlock opaque -> {
        // Of another protocol.
      }
    }
  }

  private void mark(ObjectNode node, CacheControl control) {
    if (traits.cacheMarks()) {
      ChatRequest.mark(node, control);
    }
  }

  private static String joined(List<ContentBlock> parts) {
    return parts.stream()
        .filter(TextBlock.class::isInstance)
        .map(part -> ((TextBlock) part).text())
        .collect(Collectors.joining());
  }

  private ObjectNode call(ToolCallBlock block) {
    ToolCall call = block.call();
    ObjectNode node =
        JsonNodeFactory.instance.objectNode().put("id", call.id()).put("type", "function");
    node.putObject("function").put("name", call.name()).put("arguments", call.argumentsText());
    Optional.ofNullable(block.opaque())
        .flatMap(opaque -> opaque.from(provider))
        .map(kept -> kept.path(ToolCallAssembler.EXTRA))
        .filter(JsonNode::isObject)
        .ifPresent(extra -> node.set(ToolCallAssembler.EXTRA, extra));
    return node;
  }
}
