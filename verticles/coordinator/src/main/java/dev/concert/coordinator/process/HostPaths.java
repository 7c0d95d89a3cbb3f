package dev.concert.coordinator.process;

import java.util.regex.Pattern;

/** The paths of this host in the lines that an agent prints, which clients may see. */
public final class HostPaths {
  private static final Pattern QUOTED =
      Pattern.compile("([\"'])/(?:[^\"'/\\n]+/)+([^\"'/\\n]*)\\1");
  private static final Pattern PLAIN =
      Pattern.compile("(?<![\\w/.…])/(?!/)(?:[^\\s\"'():,/]+/)+([^\\s\"'():,/]*)");

  private HostPaths() {}

  /** The text with the last name of each absolute path: {@code …/main.py}. */
  public static String shorten(String text) {
    String unquoted = QUOTED.matcher(text).replaceAll("$1…/$2$1");
    return PLAIN.matcher(unquoted).replaceAll("…/$1");
  }
}
