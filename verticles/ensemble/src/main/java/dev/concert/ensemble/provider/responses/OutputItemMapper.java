package dev.concert.ensemble.provider.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.message.CustomTool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Converts output items to blocks and back.
 *
 * <p>A message is a list of parts, each a {@link TextBlock} whose payload holds the other fields of
 * the part ({@code part}) and of its item ({@code item}); adjacent parts of one item are joined
 * again. Reasoning keeps its whole item. Unknown items become opaque blocks.
 */
final class OutputItemMapper {
  private static final String ORIGIN = ResponsesDialect.ORIGIN;
  private static final String ITEM = "item";
  private static final String PART = "part";

  private static final String CUSTOM_CALL = "custom_tool_call";

  private final CustomTools tools;

  /**
   * @param tools the client's, whose calls are written as those of custom tools
   */
  OutputItemMapper(CustomTools tools) {
    this.tools = tools;
  }

  /** Reads only. */
  OutputItemMapper() {
    this(new CustomTools(Map.of()));
  }

  /** Converts a whole item to blocks. */
  List<Block> read(ObjectNode item) {
    List<Block> blocks = new ArrayList<>();
    switch (item.path("type").asText()) {
      case "message" ->
          item.path("content")
              .forEach(part -> blocks.add(new TextBlock(text(part), opaque(item, part))));
      case "reasoning" ->
          blocks.add(new ThinkingBlock(reasoning(item), null, Opaque.of(ORIGIN, item)));
      case "function_call" -> blocks.add(call(item));
      case CUSTOM_CALL -> blocks.add(customCall(item));
      default -> blocks.add(new OpaqueBlock(Opaque.of(ORIGIN, item)));
    }
    return blocks;
  }

  /** Converts an assistant's message back to its items. */
  List<ObjectNode> write(List<ContentBlock> blocks) {
    List<ObjectNode> items = new ArrayList<>();
    for (ContentBlock block : blocks) {
      switch (block) {
        case TextBlock text -> text(items, text);
        case ThinkingBlock thinking -> reasoning(items, thinking);
        case ToolCallBlock call -> items.add(call(call));
        case OpaqueBlock opaque ->
            opaque.opaque().from(ORIGIN).ifPresent(item -> items.add((ObjectNode) item));
        default -> {
          // Only users send files.
        }
      }
    }
    return items;
  }

  static String text(JsonNode part) {
    return part.path(isRefusal(part) ? "refusal" : "text").asText();
  }

  static boolean isRefusal(JsonNode part) {
    return part.path("type").asText().equals("refusal");
  }

  /** The other fields of a part. */
  static Opaque opaque(ObjectNode item, JsonNode part) {
    ObjectNode payload = JsonNodeFactory.instance.objectNode();
    payload.set(ITEM, item.deepCopy().without(Set.of("content", "type", "role")));
    ObjectNode rest = part.deepCopy();
    payload.set(PART, rest.without(Set.of("text", "refusal")));
    return Opaque.of(ORIGIN, payload);
  }

  static String reasoning(JsonNode item) {
    List<String> texts = new ArrayList<>();
    item.path("summary").forEach(part -> texts.add(part.path("text").asText()));
    if (texts.isEmpty()) {
      item.path("content").forEach(part -> texts.add(part.path("text").asText()));
    }
    return String.join("\n\n", texts);
  }

  private static ToolCallBlock call(ObjectNode item) {
    ObjectNode rest = item.deepCopy();
    rest.remove(Set.of("type", "call_id", "name", "arguments"));
    return new ToolCallBlock(
        ToolCall.ofText(
            item.path("call_id").asText(),
            item.path("name").asText(),
            arguments(item.path("arguments"))),
        rest.isEmpty() ? null : Opaque.of(ORIGIN, rest));
  }

  /** Its payload keeps the type, so that it comes back as what it was. */
  private static ToolCallBlock customCall(ObjectNode item) {
    ObjectNode rest = item.deepCopy();
    rest.remove(Set.of("call_id", "name", "input"));
    return new ToolCallBlock(
        ToolCall.ofText(
            item.path("call_id").asText(),
            item.path("name").asText(),
            CustomTool.arguments(item.path("input").asText())),
        Opaque.of(ORIGIN, rest));
  }

  static boolean isCustomCall(JsonNode item) {
    return item.path("type").asText().equals(CUSTOM_CALL);
  }

  /** Some servers send the object itself instead of its text. */
  private static String arguments(JsonNode arguments) {
    return arguments.isObject() ? ExactJson.text(arguments) : arguments.asText();
  }

  private static void text(List<ObjectNode> items, TextBlock text) {
    JsonNode payload = payload(text.opaque());
    if (text.text().isEmpty() && payload.isEmpty()) {
      return;
    }
    ObjectNode part = JsonNodeFactory.instance.objectNode().put("type", "output_text");
    if (payload.path(PART) instanceof ObjectNode rest) {
      part.setAll(rest);
    }
    part.put(isRefusal(part) ? "refusal" : "text", text.text());
    contentOf(items, payload.path(ITEM)).add(part);
  }

  /** The content of the previous item, if it is the same one. */
  private static ArrayNode contentOf(List<ObjectNode> items, JsonNode item) {
    String id = item.path("id").asText("");
    boolean goesOn =
        !items.isEmpty() && !id.isEmpty() && items.getLast().path("id").asText().equals(id);
    if (goesOn) {
      return (ArrayNode) items.getLast().path("content");
    }
    ObjectNode message =
        JsonNodeFactory.instance.objectNode().put("type", "message").put("role", "assistant");
    if (item instanceof ObjectNode rest) {
      message.setAll(rest);
    }
    items.add(message);
    return message.putArray("content");
  }

  /**
   * Reasoning without encrypted content is dropped: the vendor would look for an item that it did
   * not store.
   */
  private static void reasoning(List<ObjectNode> items, ThinkingBlock thinking) {
    JsonNode item = payload(thinking.opaque());
    if (item.path("encrypted_content").isTextual()) {
      items.add((ObjectNode) item);
    }
  }

  private ObjectNode call(ToolCallBlock block) {
    ToolCall call = block.call();
    JsonNode payload = payload(block.opaque());
    boolean custom = tools.has(call.name()) || isCustomCall(payload);
    ObjectNode item =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", custom ? CUSTOM_CALL : "function_call")
            .put("call_id", call.id())
            .put("name", call.name());
    if (custom) {
      item.put("input", CustomTool.input(call.argumentsText()));
    } else {
      item.put("arguments", call.argumentsText());
    }
    if (payload instanceof ObjectNode rest) {
      item.setAll(rest);
    }
    return item;
  }

  private static JsonNode payload(Opaque opaque) {
    return opaque == null
        ? JsonNodeFactory.instance.missingNode()
        : opaque.from(ORIGIN).orElse(JsonNodeFactory.instance.missingNode());
  }
}
