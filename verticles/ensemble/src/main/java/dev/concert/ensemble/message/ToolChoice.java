package dev.concert.ensemble.message;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Which tools the model must call.
 *
 * @param name the tool to call; null unless the type is {@code tool}
 */
public record ToolChoice(Type type, String name) {
  /** The kind of choice. */
  public enum Type {
    @JsonProperty("auto")
    AUTO,
    /** At least one tool, whichever. */
    @JsonProperty("any")
    ANY,
    @JsonProperty("none")
    NONE,
    @JsonProperty("tool")
    TOOL
  }
}
