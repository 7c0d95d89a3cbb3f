package dev.concert.ensemble.provider.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.block.ContentBlock;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.Message;
import dev.concert.ensemble.provider.anthropic.AnthropicDialect;
import java.util.List;
import java.util.Optional;

/**
 * Keeps signatures of reasoning that came by {@code Converse} apart from Anthropic's: each vendor
 * refuses those of the other.
 */
final class ConverseSignatures {
  private static final String ORIGIN = "bedrock-converse";
  private static final String SIGNATURE = "signature";

  private ConverseSignatures() {}

  /** A block of an answer, as clients keep it. */
  static Block kept(Block block) {
    return switch (block) {
      case ThinkingBlock thinking when thinking.signature() != null ->
          new ThinkingBlock(thinking.text(), null, signed(thinking.signature()));
      case OpaqueBlock opaque -> new OpaqueBlock(new Opaque(ORIGIN, opaque.opaque().json()));
      default -> block;
    };
  }

  private static Opaque signed(String signature) {
    return Opaque.of(ORIGIN, JsonNodeFactory.instance.objectNode().put(SIGNATURE, signature));
  }

  /** The request with the reasoning that came by Converse, and without all other. */
  static InferenceRequest returned(InferenceRequest request) {
    return request.withMessages(request.messages().stream().map(ConverseSignatures::own).toList());
  }

  private static Message own(Message message) {
    if (message.contentBlocks() == null) {
      return message;
    }
    List<ContentBlock> blocks =
        message.contentBlocks().stream()
            .map(ConverseSignatures::own)
            .flatMap(Optional::stream)
            .toList();
    return new Message(message.role(), null, blocks, message.toolCallId(), message.isError());
  }

  private static Optional<ContentBlock> own(ContentBlock block) {
    return switch (block) {
      case ThinkingBlock thinking ->
          from(thinking.opaque())
              .map(proof -> proof.path(SIGNATURE).asText())
              .map(signature -> new ThinkingBlock(thinking.text(), signature, null));
      case OpaqueBlock opaque ->
          from(opaque.opaque())
              .map(theirs -> new OpaqueBlock(Opaque.of(AnthropicDialect.ORIGIN, theirs)));
      default -> Optional.of(block);
    };
  }

  private static Optional<JsonNode> from(Opaque opaque) {
    return Optional.ofNullable(opaque).flatMap(one -> one.from(ORIGIN));
  }
}
