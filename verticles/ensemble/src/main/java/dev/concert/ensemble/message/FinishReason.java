package dev.concert.ensemble.message;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why an answer ended. An answer that did not end by itself has no reason but an error. */
public enum FinishReason {
  @JsonProperty("end_turn")
  END_TURN,
  @JsonProperty("tool_use")
  TOOL_USE,
  @JsonProperty("max_tokens")
  MAX_TOKENS,
  @JsonProperty("stop_sequence")
  STOP_SEQUENCE,
  @JsonProperty("refusal")
  REFUSAL
}
