package dev.concert.ensemble.model;

import java.util.Set;

/**
 * What a model supports.
 *
 * @param streaming false: it only sends whole answers
 * @param thinkingStyle how thinking is requested
 * @param dropped native names of parameters that the model rejects ({@code temperature}, {@code
 *     top_p}, {@code top_k}); they are left out
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
  /** A text model with tools. */
  public static final Capabilities USUAL =
      new Capabilities(
          true, false, false, false, false, true, true, ThinkingStyle.EFFORT, Set.of());

  /** How a provider expects the amount of thinking. */
  public enum ThinkingStyle {
    /** As an effort such as {@code high}. */
    EFFORT,
    /** As a number of tokens. */
    BUDGET
  }

  public Capabilities {
    dropped = Set.copyOf(dropped);
  }

  /** All capabilities. */
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

  /** Whether the model rejects the parameter. */
  public boolean drops(String parameter) {
    return dropped.contains(parameter);
  }

  /** The value, unless the model rejects the parameter. */
  public <T> T unlessDropped(String parameter, T value) {
    return dropped.contains(parameter) ? null : value;
  }
}
