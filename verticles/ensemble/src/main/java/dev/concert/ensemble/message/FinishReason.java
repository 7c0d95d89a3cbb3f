package dev.concert.ensemble.message;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why an answer ended normally. An answer that did not end normally has an error instead. */
public enum FinishReason {
  @JsonProperty("end_turn")
  END_TURN,
  @JsonProperty("tool_use")
  TOOL_USE,
  @JsonProperty("max_tokens")
  MAX_TOKENS,
  /** The model's context window was full before {@code max_tokens} was reached. */
  @JsonProperty("context_window_full")
  CONTEXT_WINDOW_FULL,
  @JsonProperty("stop_sequence")
  STOP_SEQUENCE,
  /** A server tool takes long: send the answer back unchanged to continue. */
  @JsonProperty("pause_turn")
  PAUSE_TURN,
  @JsonProperty("refusal")
  REFUSAL
}
