package dev.concert.ensemble.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import dev.concert.ensemble.block.ToolCallStart;
import dev.concert.ensemble.provider.upstream.MalformedResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Assembles a content block from its deltas and passes its pieces on. Not thread-safe. */
final class BlockAssembler {
  private final String provider;
  private final int index;
  private final ObjectNode block;
  private final Map<String, StringBuilder> grown = new HashMap<>();
  private final StringBuilder input = new StringBuilder();

  BlockAssembler(String provider, int index, ObjectNode block) {
    this.provider = provider;
    this.index = index;
    this.block = block;
  }

  int index() {
    return index;
  }

  /** Passes on what a new block already contains. */
  void show(Consumer<Block> sink) {
    switch (type()) {
      case "text" -> showText("text", block.path("text").asText(), sink);
      case "thinking" -> showText("thinking", block.path("thinking").asText(), sink);
      case "tool_use" -> sink.accept(new ToolCallStart(id(), block.path("name").asText()));
      default -> {
        // Passed on when it is complete.
      }
    }
  }

  /** Passes on a whole block as if it had been streamed. */
  void showWhole(Consumer<Block> sink) {
    show(sink);
    if (type().equals("tool_use")) {
      sink.accept(new ToolCallDelta(id(), ExactJson.text(block.path("input"))));
    }
  }

  void delta(JsonNode delta, Consumer<Block> sink) {
    switch (delta.path("type").asText()) {
      case "text_delta" -> {
        grow("text", delta.path("text").asText());
        showText("text", delta.path("text").asText(), sink);
      }
      case "thinking_delta" -> {
        grow("thinking", delta.path("thinking").asText());
        showText("thinking", delta.path("thinking").asText(), sink);
      }
      case "signature_delta" -> grow("signature", delta.path("signature").asText());
      case "citations_delta" -> citations().add(delta.path("citation"));
      case "input_json_delta" -> {
        String piece = delta.path("partial_json").asText();
        input.append(piece);
        if (type().equals("tool_use") && !piece.isEmpty()) {
          sink.accept(new ToolCallDelta(id(), piece));
        }
      }
      default -> unknown(delta);
    }
  }

  /** The assembled block. */
  ObjectNode whole() {
    grown.forEach((field, text) -> block.put(field, text.toString()));
    grown.clear();
    if (!input.isEmpty()) {
      block.set("input", parsedInput());
    }
    return block;
  }

  /** The end of a streamed block, or the whole of one that was not streamed. */
  void close(Block read, Consumer<Block> sink) {
    switch (read) {
      case TextBlock text ->
          sink.accept(new TextBlock("", text.opaque() == null ? end() : text.opaque()));
      case ThinkingBlock thinking ->
          sink.accept(
              new ThinkingBlock(
                  "",
                  thinking.signature(),
                  thinking.opaque() == null && thinking.signature() == null
                      ? end()
                      : thinking.opaque()));
      default -> sink.accept(read);
    }
  }

  /** The arguments: the model's text for tool calls, parsed for blocks that are only carried. */
  private JsonNode parsedInput() {
    return type().equals("tool_use")
        ? TextNode.valueOf(input.toString())
        : MalformedResponse.object(provider, input.toString());
  }

  /** Deltas of unknown types: texts and lists are appended, anything else replaced. */
  private void unknown(JsonNode delta) {
    delta
        .properties()
        .forEach(
            field -> {
              String name = field.getKey();
              JsonNode value = field.getValue();
              if (name.equals("type")) {
                return;
              }
              if (value.isTextual()) {
                grow(name, value.asText());
              } else if (value.isArray() && block.path(name) instanceof ArrayNode list) {
                value.forEach(list::add);
              } else {
                block.set(name, value);
              }
            });
  }

  private void grow(String field, String piece) {
    grown
        .computeIfAbsent(field, name -> new StringBuilder(block.path(name).asText("")))
        .append(piece);
  }

  private ArrayNode citations() {
    return block.path("citations") instanceof ArrayNode list ? list : block.putArray("citations");
  }

  private void showText(String kind, String piece, Consumer<Block> sink) {
    if (!piece.isEmpty()) {
      sink.accept(kind.equals("text") ? new TextBlock(piece) : new ThinkingBlock(piece));
    }
  }

  private String type() {
    return block.path("type").asText();
  }

  private String id() {
    return block.path("id").asText();
  }

  private static Opaque end() {
    return Opaque.end(AnthropicDialect.ORIGIN);
  }
}
