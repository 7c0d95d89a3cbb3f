package dev.concert.ensemble.message;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The author of a message. */
public enum MessageRole {
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
