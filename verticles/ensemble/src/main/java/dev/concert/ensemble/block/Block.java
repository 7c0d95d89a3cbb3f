package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * A piece of a model's answer as it streams; the data of an SSE {@code block} event.
 *
 * <p>JSON: an object with {@code type}; shapes in docs/agent-protocol.md, "Talking to Ensemble".
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(TextBlock.class),
  @JsonSubTypes.Type(ThinkingBlock.class),
  @JsonSubTypes.Type(ToolCallStart.class),
  @JsonSubTypes.Type(ToolCallDelta.class),
  @JsonSubTypes.Type(ToolCallBlock.class),
  @JsonSubTypes.Type(OpaqueBlock.class)
})
public sealed interface Block
    permits TextBlock, ThinkingBlock, ToolCallStart, ToolCallDelta, ToolCallBlock, OpaqueBlock {}
