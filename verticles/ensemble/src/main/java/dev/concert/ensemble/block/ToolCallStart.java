package dev.concert.ensemble.block;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;

/**
 * Begins a tool call; its arguments follow in pieces.
 *
 * @param opaque data that the provider wants back with the call, if already known: some API formats
 *     have a field for it only here; nullable, and not sent in the native format, because the whole
 *     call has it too
 */
@JsonTypeName("tool_call_start")
public record ToolCallStart(@JsonProperty("tool_call") Started call, @JsonIgnore Opaque opaque)
    implements Block {

  public ToolCallStart(String id, String name) {
    this(id, name, null);
  }

  public ToolCallStart(String id, String name, Opaque opaque) {
    this(new Started(id, name), opaque);
  }

  public record Started(String id, String name) {}
}
