package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;

/** A piece of the JSON text of a tool call's arguments. */
@JsonTypeName("tool_call_delta")
public record ToolCallDelta(@JsonProperty("tool_call") Piece call) implements Block {

  public ToolCallDelta(String id, String rawArguments) {
    this(new Piece(id, rawArguments));
  }

  public record Piece(String id, @JsonProperty("raw_arguments") String rawArguments) {}
}
