package dev.concert.ensemble.message;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who said a message. */
public enum Role {
  @JsonProperty("system")
  SYSTEM,
  @JsonProperty("user")
  USER,
  @JsonProperty("assistant")
  ASSISTANT,
  /** The result of a tool call. */
  @JsonProperty("tool")
  TOOL
}
