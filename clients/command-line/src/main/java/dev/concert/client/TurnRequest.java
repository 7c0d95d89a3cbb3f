package dev.concert.client;

import java.util.Optional;

/**
 * What one turn shall do.
 *
 * @param session an existing session; empty for a new one
 * @param agent agent type of a new session
 * @param model model of a new session; empty for the server's default
 */
public record TurnRequest(
    String text, Optional<String> session, String agent, Optional<String> model) {
  private static final int LONGEST_NAME = 60;
  private static final String NOT_IN_A_NAME =
      "[\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]+";

  /**
   * The name of a session that begins with this turn: the beginning of its first line, without what
   * a name cannot have. No character is cut in two: half of one could not be sent.
   */
  public String name() {
    String line = text.strip().lines().findFirst().orElse("");
    line = line.replaceAll(NOT_IN_A_NAME, " ").strip();
    return line.codePointCount(0, line.length()) <= LONGEST_NAME
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST_NAME));
  }
}
