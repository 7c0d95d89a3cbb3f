package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonTypeName;

/**
 * A model's reasoning; while streaming, a piece of it. A piece with a signature or an opaque
 * payload ends its block.
 *
 * @param text readable reasoning, may be empty
 * @param signature Anthropic's signature, to be sent back unchanged; nullable
 * @param opaque further data that the provider wants back; nullable
 */
@JsonTypeName("thinking")
public record ThinkingBlock(String text, String signature, Opaque opaque)
    implements Block, ContentBlock {

  public ThinkingBlock(String text) {
    this(text, null, null);
  }
}
