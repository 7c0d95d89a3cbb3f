package dev.concert.ensemble.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.Opaque;
import dev.concert.ensemble.block.ThinkingBlock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reasoning as plain text in an assistant's message. Its end is marked with the name of its
 * provider, so that no other provider receives it.
 */
final class ReasoningText {
  /** DeepSeek, Kimi, vLLM, llama.cpp and xAI. */
  static final String USUAL_FIELD = "reasoning_content";

  /** Ollama and OpenRouter, and newer versions of vLLM. */
  static final String OTHER_FIELD = "reasoning";

  private static final String FIELD = "field";

  private ReasoningText() {}

  /** Marks the end of reasoning that this provider sent in this field. */
  static ThinkingBlock end(String provider, String field) {
    ObjectNode mark = JsonNodeFactory.instance.objectNode().put(FIELD, field);
    return new ThinkingBlock("", null, Opaque.of(provider, mark));
  }

  /**
   * Writes the reasoning that this provider sent. A client that keeps only the text sends it
   * without a mark; then it goes to the provider that is called.
   */
  static void write(ObjectNode message, String provider, List<ThinkingBlock> thinking) {
    List<ThinkingBlock> own =
        thinking.stream().filter(block -> field(block, provider).isPresent()).toList();
    String text = own.stream().map(ThinkingBlock::text).collect(Collectors.joining());
    if (!text.isEmpty()) {
      message.put(field(own.getLast(), provider).orElse(USUAL_FIELD), text);
    }
  }

  private static Optional<String> field(ThinkingBlock block, String provider) {
    if (block.signature() != null) {
      return Optional.empty();
    }
    if (block.opaque() == null) {
      return Optional.of(USUAL_FIELD);
    }
    return block
        .opaque()
        .from(provider)
        .map(mark -> mark.path(FIELD))
        .filter(JsonNode::isTextual)
        .map(field -> field.asText().equals(OTHER_FIELD) ? OTHER_FIELD : USUAL_FIELD);
  }
}
