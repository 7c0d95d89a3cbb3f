package dev.concert.ensemble.provider.responses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.AudioBlock;
import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.DocumentBlock;
import dev.concert.ensemble.block.ImageBlock;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.message.Message;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Builds the input items of a conversation. */
final class InputItemBuilder {
  private static final String RESULT = "function_call_output";
  private static final String CUSTOM_RESULT = "custom_tool_call_output";

  private final ArrayNode items = JsonNodeFactory.instance.arrayNode();
  private final OutputItemMapper output;

  /** The ids of the calls of custom tools: their results are items of another type. */
  private final Set<String> custom = new HashSet<>();

  InputItemBuilder(CustomTools tools) {
    this.output = new OutputItemMapper(tools);
  }

  void add(Message message) {
    switch (message.role()) {
      case SYSTEM, USER -> {
        ObjectNode node =
            items.addObject().put("role", message.role().name().toLowerCase(Locale.ROOT));
        node.set("content", content(message.parts()));
      }
      case ASSISTANT -> output.write(message.parts()).forEach(this::add);
      case TOOL -> {
        ObjectNode node =
            items
                .addObject()
                .put("type", custom.contains(message.toolCallId()) ? CUSTOM_RESULT : RESULT)
                .put("call_id", message.toolCallId());
        if (message.content() != null) {
          node.put("output", message.content());
        } else {
          node.set("output", content(message.parts()));
        }
      }
    }
  }

  private void add(ObjectNode item) {
    if (OutputItemMapper.isCustomCall(item)) {
      custom.add(item.path("call_id").asText());
    }
    items.add(item);
  }

  ArrayNode written() {
    return items;
  }

  private static ArrayNode content(List<ContentBlock> parts) {
    ArrayNode content = JsonNodeFactory.instance.arrayNode();
    for (ContentBlock part : parts) {
      switch (part) {
        case TextBlock text ->
            content.addObject().put("type", "input_text").put("text", text.text());
        case ImageBlock image ->
            content
                .addObject()
                .put("type", "input_image")
                .put("image_url", image.source().dataUrl());
        case DocumentBlock document -> document(content.addObject(), document);
        case AudioBlock audio -> {
          ObjectNode sound = content.addObject().put("type", "input_audio");
          sound
              .putObject("input_audio")
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
          // Only in an assistant's message.
        }
      }
    }
    return content;
  }

  private static void document(ObjectNode node, DocumentBlock document) {
    node.put("type", "input_file");
    if (document.source().toBeFetched()) {
      node.put("file_url", document.source().url());
    } else {
      node.put("filename", document.fileName()).put("file_data", document.source().dataUrl());
    }
  }
}
