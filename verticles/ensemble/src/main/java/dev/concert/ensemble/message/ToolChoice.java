package dev.concert.ensemble.message;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Whether and which tools the model has to call.
 *
 * @param name the one tool; null unless the type is {@code tool}
 */
public record ToolChoice(Type type, String name) {
  /** How free the model is. */
  public enum Type {
    @JsonProperty("auto")
    AUTO,
    /** At least one, whichever. */
    @JsonProperty("any")
    ANY,
    @JsonProperty("none")
    NONE,
    @JsonProperty("tool")
    TOOL
  }
}
