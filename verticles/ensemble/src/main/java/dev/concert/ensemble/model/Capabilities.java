package dev.concert.ensemble.model;

import java.util.Set;

/**
 * What a model can do and how it wants to be asked.
 *
 * @param streaming false: it answers in one piece only
 * @param thinkingStyle how thinking is asked for
 * @param dropped names of parameters the model refuses, in our words ({@code temperature}, {@code
 *     top_p}, {@code top_k}): they are left out
 */
public record Capabilities(
    boolean tools,
    boolean thinking,
    boolean images,
    boolean documents,
    boolean audio,
    boolean structuredOutput,
    boolean streaming,
    ThinkingStyle thinkingStyle,
    Set<String> dropped) {
  /** A text model with tools, as most are. */
  public static final Capabilities USUAL =
      new Capabilities(
          true, false, false, false, false, true, true, ThinkingStyle.EFFORT, Set.of());

  /** How a provider wants to be told how much to think. */
  public enum ThinkingStyle {
    /** By a word such as {@code high}. */
    EFFORT,
    /** By a number of tokens. */
    BUDGET
  }

  public Capabilities {
    dropped = Set.copyOf(dropped);
  }

  /** Everything there is. */
  public static Capabilities all() {
    return new Capabilities(
        true, true, true, true, true, true, true, ThinkingStyle.EFFORT, Set.of());
  }

  public Capabilities withStreaming(boolean other) {
    return new Capabilities(
        tools, thinking, images, documents, audio, structuredOutput, other, thinkingStyle, dropped);
  }

  public Capabilities withThinkingStyle(ThinkingStyle other) {
    return new Capabilities(
        tools, thinking, images, documents, audio, structuredOutput, streaming, other, dropped);
  }

  /** The value, unless the model refuses the parameter. */
  public <T> T unlessDropped(String parameter, T value) {
    return dropped.contains(parameter) ? null : value;
  }
}
