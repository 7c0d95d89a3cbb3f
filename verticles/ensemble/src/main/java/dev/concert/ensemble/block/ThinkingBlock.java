package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * A model's reasoning; while streaming, a piece of it.
 *
 * @param text readable reasoning, may be empty
 * @param signature the provider's proof of it, to be sent back unchanged; nullable
 * @param opaque whatever else the provider wants back byte for byte; nullable
 */
@JsonTypeName("thinking")
public record ThinkingBlock(String text, String signature, JsonNode opaque)
    implements Block, ContentBlock {

  public ThinkingBlock(String text) {
    this(text, null, null);
  }
}
