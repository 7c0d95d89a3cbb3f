package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A part of a message to a model: an entry of {@code content_blocks}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(TextBlock.class),
  @JsonSubTypes.Type(ThinkingBlock.class),
  @JsonSubTypes.Type(ToolCallBlock.class),
  @JsonSubTypes.Type(ImageBlock.class),
  @JsonSubTypes.Type(DocumentBlock.class),
  @JsonSubTypes.Type(AudioBlock.class),
  @JsonSubTypes.Type(OpaqueBlock.class)
})
public sealed interface ContentBlock
    permits TextBlock,
        ThinkingBlock,
        ToolCallBlock,
        ImageBlock,
        DocumentBlock,
        AudioBlock,
        OpaqueBlock {}
