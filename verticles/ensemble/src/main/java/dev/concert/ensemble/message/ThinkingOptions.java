package dev.concert.ensemble.message;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How much a model should think before it answers: by effort or by a budget. Providers accept one
 * or the other, so each is converted where needed; the conversion table is our own.
 *
 * @param effort nullable
 * @param budgetTokens the most tokens of thinking, 0 for none; nullable
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ThinkingOptions(Effort effort, Integer budgetTokens) {
  /** The levels of effort. */
  public enum Effort {
    @JsonProperty("none")
    NONE(0),
    @JsonProperty("minimal")
    MINIMAL(1_024),
    @JsonProperty("low")
    LOW(4_096),
    @JsonProperty("medium")
    MEDIUM(8_192),
    @JsonProperty("high")
    HIGH(16_384),
    @JsonProperty("xhigh")
    XHIGH(32_768),
    @JsonProperty("max")
    MAX(65_536);

    private final int tokens;

    Effort(int tokens) {
      this.tokens = tokens;
    }

    /** Whether this is the word for a level; vendors invent others. */
    public static boolean isKnown(String word) {
      return Stream.of(values())
          .anyMatch(level -> level.name().toLowerCase(Locale.ROOT).equals(word));
    }
  }

  public Effort asEffort() {
    if (effort != null) {
      return effort;
    }
    for (Effort step : Effort.values()) {
      if (budgetTokens <= step.tokens) {
        return step;
      }
    }
    return Effort.MAX;
  }

  public int asBudget() {
    return budgetTokens != null ? budgetTokens : effort.tokens;
  }
}
