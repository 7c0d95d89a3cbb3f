package dev.concert.ensemble.compatible.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.BlockCollector;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.TextBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCall;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.block.ToolCallDelta;
import dev.concert.ensemble.block.ToolCallStart;
import dev.concert.ensemble.compatible.VendorJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Converts the blocks of one response to parts, in their order. Gemini's own data goes back into
 * the fields it came from; what another vendor wants back waits for the next part. Not thread-safe.
 */
final class PartWriter {
  private static final String ORIGIN = "gemini";

  /** In the payload of a call: the id, if the vendor gave it. */
  private static final String VENDORS_ID = "id";

  private final boolean thoughts;

  /** Other vendors' thinking since the last part, and whether any of it has to come back. */
  private BlockCollector thinking = new BlockCollector();

  private final List<Block> waiting = new ArrayList<>();

  /**
   * @param thoughts whether the client wants to see thoughts
   */
  PartWriter(boolean thoughts) {
    this.thoughts = thoughts;
  }

  /** The part of a block or of a piece; empty where there is nothing to send yet. */
  Optional<ObjectNode> add(Block block) {
    return switch (block) {
      case TextBlock text -> text(text);
      case ThinkingBlock piece -> thinking(piece);
      case ToolCallBlock call -> Optional.of(call(call));
      case OpaqueBlock opaque -> opaque(opaque);
      // The API does not stream calls.
      case ToolCallStart _ -> Optional.empty();
      case ToolCallDelta _ -> Optional.empty();
    };
  }

  /** At the end: a part for what has waited in vain. */
  Optional<ObjectNode> rest() {
    return waiting.isEmpty() ? Optional.empty() : Optional.of(signed(newText(""), null));
  }

  private Optional<ObjectNode> text(TextBlock text) {
    Opaque opaque = text.opaque() == null || text.opaque().isOnlyEnd() ? null : text.opaque();
    if (text.text().isEmpty() && opaque == null) {
      return Optional.empty();
    }
    return Optional.of(signed(newText(text.text()), opaque));
  }

  private Optional<ObjectNode> thinking(ThinkingBlock piece) {
    ObjectNode part = newText(piece.text()).put("thought", true);
    Optional<JsonNode> own = own(piece.opaque());
    if (own.isPresent()) {
      part.setAll((ObjectNode) own.get());
      thinking = new BlockCollector();
      return Optional.of(part).filter(some -> shown(piece) || some.size() > 2);
    }
    thinking.add(piece);
    if (piece.signature() != null || piece.opaque() != null) {
      waiting.addAll(thinking.blocks());
      thinking = new BlockCollector();
    }
    return shown(piece) ? Optional.of(part) : Optional.empty();
  }

  private boolean shown(ThinkingBlock piece) {
    return thoughts && !piece.text().isEmpty();
  }

  private Optional<ObjectNode> opaque(OpaqueBlock block) {
    Optional<JsonNode> own = own(block.opaque());
    if (own.isEmpty()) {
      waiting.add(block);
    }
    return own.map(ObjectNode.class::cast);
  }

  private ObjectNode call(ToolCallBlock block) {
    ToolCall call = block.call();
    ObjectNode part = VendorJson.newObject();
    ObjectNode function = part.putObject("functionCall");
    Optional<JsonNode> own = own(block.opaque());
    String id = own.isPresent() ? own.get().path(VENDORS_ID).asText("") : call.id();
    if (!id.isEmpty()) {
      function.put("id", id);
    }
    function.put("name", call.name());
    JsonNode args = call.arguments();
    function.set(
        "args",
        args != null && args.isObject()
            ? args
            : VendorJson.newObject().put("raw_arguments", call.argumentsText()));
    if (own.isEmpty()) {
      return signed(part, block.opaque());
    }
    thinking = new BlockCollector();
    waiting.clear();
    for (var field : own.get().properties()) {
      if (field.getKey().equals("functionCall")) {
        function.setAll((ObjectNode) field.getValue());
      } else if (!field.getKey().equals(VENDORS_ID)) {
        part.set(field.getKey(), field.getValue());
      }
    }
    return part;
  }

  /** Sets the vendor's own fields, or the signature that carries another vendor's. */
  private ObjectNode signed(ObjectNode part, Opaque opaque) {
    thinking = new BlockCollector();
    Optional<JsonNode> own = own(opaque);
    if (own.isPresent()) {
      part.setAll((ObjectNode) own.get());
    } else {
      ThoughtSignature.text(waiting, opaque)
          .ifPresent(signature -> part.put("thoughtSignature", signature));
    }
    waiting.clear();
    return part;
  }

  private static Optional<JsonNode> own(Opaque opaque) {
    return Optional.ofNullable(opaque).flatMap(some -> some.from(ORIGIN));
  }

  private static ObjectNode newText(String text) {
    return VendorJson.newObject().put("text", text);
  }
}
