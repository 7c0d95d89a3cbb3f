package dev.concert.ensemble.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.AudioBlock;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.CacheControl;
import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.DocumentBlock;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.block.ImageBlock;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.Source;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.block.ToolCallBlock;
import java.util.Optional;
import java.util.Set;

/**
 * Content blocks, there and back. Fields for which we have no place travel as the opaque payload of
 * their block, blocks for which we have no form as {@link OpaqueBlock}, so that what was read can
 * be written again with nothing missing.
 */
final class ContentBlocks {
  private static final String ORIGIN = AnthropicDialect.ORIGIN;

  /** Documents from this size on are marked for the cache: about 20 pages. */
  private static final int LARGE_DOCUMENT = 1024 * 1024;

  /** A whole block of an answer as ours. */
  Block read(ObjectNode block) {
    return switch (block.path("type").asText()) {
      case "text" -> new TextBlock(block.path("text").asText(), rest(block, Set.of("text")));
      case "thinking" ->
          new ThinkingBlock(
              block.path("thinking").asText(),
              signature(block),
              rest(block, Set.of("thinking", "signature")));
      case "tool_use" ->
          new ToolCallBlock(
              ToolCall.ofText(block.path("id").asText(), block.path("name").asText(), input(block)),
              rest(block, Set.of("id", "name", "input")));
      default -> new OpaqueBlock(Opaque.of(ORIGIN, block));
    };
  }

  /** A part of ours in the API's form; empty for what it would not take. */
  Optional<ObjectNode> write(ContentBlock part) {
    return switch (part) {
      // A text without a character to see is refused, even one that the model itself has said.
      case TextBlock text when text.text().isBlank() -> Optional.empty();
      case TextBlock text -> Optional.of(text(text));
      // Without its signature a thought is refused; one of another vendor has none.
      case ThinkingBlock thinking ->
          Optional.ofNullable(thinking.signature()).map(signed -> thinking(thinking));
      case ToolCallBlock call -> Optional.of(toolUse(call));
      case OpaqueBlock opaque -> opaque.opaque().from(ORIGIN).map(ObjectNode.class::cast);
      case ImageBlock image -> Optional.of(file("image", image.source(), image.cacheControl()));
      case DocumentBlock document -> Optional.of(document(document));
      // The API takes no sound; no model of its is configured to, so RequestFit has refused it.
      case AudioBlock audio -> Optional.empty();
    };
  }

  /** An id the API accepts; another provider's may hold other characters. */
  static String acceptedId(String id) {
    return id.replaceAll("[^A-Za-z0-9_-]", "_");
  }

  private static ObjectNode text(TextBlock text) {
    ObjectNode node = object("text").put("text", text.text());
    restore(node, text.opaque());
    MessagesRequest.mark(node, text.cacheControl());
    return node;
  }

  private static ObjectNode thinking(ThinkingBlock thinking) {
    ObjectNode node =
        object("thinking").put("thinking", thinking.text()).put("signature", thinking.signature());
    restore(node, thinking.opaque());
    return node;
  }

  private static ObjectNode toolUse(ToolCallBlock block) {
    ToolCall call = block.call();
    ObjectNode node = object("tool_use").put("id", acceptedId(call.id())).put("name", call.name());
    node.set("input", arguments(call));
    restore(node, block.opaque());
    return node;
  }

  /** The API wants an object, whatever the model has written. */
  private static JsonNode arguments(ToolCall call) {
    JsonNode parsed =
        call.rawArguments() == null
            ? call.arguments()
            : ToolCall.ofText(call.id(), call.name(), call.rawArguments()).arguments();
    if (parsed != null && parsed.isObject()) {
      return parsed;
    }
    ObjectNode wrapped = JsonNodeFactory.instance.objectNode();
    return call.rawArguments() == null
        ? wrapped
        : wrapped.put("raw_arguments", call.rawArguments());
  }

  private static ObjectNode document(DocumentBlock document) {
    boolean large =
        document.source().data() != null && document.source().data().length() > LARGE_DOCUMENT;
    CacheControl control =
        document.cacheControl() == null && large ? CacheControl.EPHEMERAL : document.cacheControl();
    ObjectNode node = file("document", document.source(), control);
    if (document.title() != null) {
      node.put("title", document.title());
    }
    return node;
  }

  private static ObjectNode file(String type, Source source, CacheControl control) {
    ObjectNode node = object(type);
    ObjectNode from = node.putObject("source");
    if (source.toBeFetched()) {
      from.put("type", "url").put("url", source.url());
    } else {
      from.put("type", "base64").put("media_type", source.mediaType()).put("data", source.data());
    }
    MessagesRequest.mark(node, control);
    return node;
  }

  /** A block begins with an empty signature; that is none. */
  private static String signature(ObjectNode block) {
    String signature = block.path("signature").asText("");
    return signature.isEmpty() ? null : signature;
  }

  private static String input(ObjectNode block) {
    JsonNode input = block.path("input");
    return input.isTextual() ? input.asText() : ExactJson.text(input);
  }

  private static Opaque rest(ObjectNode block, Set<String> known) {
    ObjectNode rest = block.deepCopy();
    rest.remove(known);
    rest.remove("type");
    return rest.isEmpty() ? null : Opaque.of(ORIGIN, rest);
  }

  private static void restore(ObjectNode node, Opaque opaque) {
    if (opaque != null) {
      opaque.from(ORIGIN).ifPresent(rest -> node.setAll((ObjectNode) rest));
    }
  }

  private static ObjectNode object(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }
}
