package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;

/** The model has begun to write a tool call; its arguments follow in pieces. */
@JsonTypeName("tool_call_start")
public record ToolCallStart(@JsonProperty("tool_call") Started call) implements Block {

  public ToolCallStart(String id, String name) {
    this(new Started(id, name));
  }

  public record Started(String id, String name) {}
}
