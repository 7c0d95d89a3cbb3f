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

  /**
   * The name of a session that begins with this turn: the beginning of its first line. No character
   * is cut in two: half of one could not be sent.
   */
  public String name() {
    String line = text.strip().lines().findFirst().orElse("").strip();
    return line.codePointCount(0, line.length()) <= LONGEST_NAME
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST_NAME));
  }
}
