package dev.concert.bridges.irc;

import dev.concert.foundation.config.ConfigReader;
import java.util.List;

/**
 * Configures IRC.
 *
 * @param servers host and port of those that bridges may connect to: a tenant must not reach others
 *     from here
 * @param linesPerSecond that a bridge says in the long run
 */
public record IrcOptions(List<String> servers, int linesPerSecond) {
  /**
   * @param section {@code bridges.irc}
   */
  public static IrcOptions from(ConfigReader section) {
    IrcOptions options =
        new IrcOptions(section.texts("servers"), section.number("linesPerSecond", 1, 1000, 1));
    section.refuseUnknown();
    return options;
  }
}
