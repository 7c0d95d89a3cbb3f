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
import dev.concert.ensemble.block.MediaSource;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.block.ToolCallBlock;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/**
 * Converts content blocks to native blocks and back. Unknown fields become the opaque payload of
 * their block and unknown blocks an {@link OpaqueBlock}, so that nothing is lost when they are sent
 * back.
 */
final class ContentBlockMapper {
  private static final String ORIGIN = AnthropicDialect.ORIGIN;

  /** Documents of this size or more are marked for the cache: about 20 pages. */
  private static final int LARGE_DOCUMENT = 1024 * 1024;

  /** Converts a whole block of an answer. */
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

  /** Converts a part of a message; empty if the API would reject it. */
  Optional<ObjectNode> write(ContentBlock part) {
    return switch (part) {
      // The API rejects blank text, even if the model itself wrote it.
      case TextBlock text when text.text().isBlank() -> Optional.empty();
      case TextBlock text -> Optional.of(text(text));
      // Thinking without a signature is rejected; that of another vendor has none.
      case ThinkingBlock thinking ->
          Optional.ofNullable(thinking.signature()).map(signed -> thinking(thinking));
      case ToolCallBlock call -> Optional.of(toolUse(call));
      case OpaqueBlock opaque -> opaque.opaque().from(ORIGIN).map(ObjectNode.class::cast);
      case ImageBlock image -> Optional.of(file("image", image.source(), image.cacheControl()));
      case DocumentBlock document -> Optional.of(document(document));
      // The API accepts no audio; the capability check has already refused it.
      case AudioBlock audio -> Optional.empty();
    };
  }

  /** An id that the API accepts; ids of other providers may contain other characters. */
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

  /** The arguments as an object, which the API requires. */
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

  private static ObjectNode file(String type, MediaSource source, CacheControl control) {
    ObjectNode node = object(type);
    ObjectNode from = node.putObject("source");
    if (source.toBeFetched()) {
      from.put("type", "url").put("url", source.url());
    } else {
      bytes(type, source, from);
    }
    MessagesRequest.mark(node, control);
    return node;
  }

  /** Documents other than PDFs go as their text: the API takes no bytes of them. */
  private static void bytes(String type, MediaSource source, ObjectNode from) {
    String mediaType = source.mediaType();
    boolean text = mediaType.startsWith("text/") || mediaType.startsWith("application/json");
    try {
      if (type.equals("document") && text) {
        byte[] decoded = Base64.getMimeDecoder().decode(source.data());
        from.put("type", "text").put("media_type", "text/plain");
        from.put("data", new String(decoded, StandardCharsets.UTF_8));
        return;
      }
    } catch (IllegalArgumentException notBase64) {
      // The vendor says what is wrong with it.
    }
    from.put("type", "base64").put("media_type", mediaType).put("data", source.data());
  }

  /** Removes the empty signature with which a block begins. */
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
