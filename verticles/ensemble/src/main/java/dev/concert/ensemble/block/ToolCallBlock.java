package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;

/**
 * A whole tool call: the last block of each call, and how a client sends it back.
 *
 * @param opaque data that the provider wants back with it; nullable
 */
@JsonTypeName("tool_call")
public record ToolCallBlock(@JsonProperty("tool_call") ToolCall call, Opaque opaque)
    implements Block, ContentBlock {

  public ToolCallBlock(ToolCall call) {
    this(call, null);
  }
}
