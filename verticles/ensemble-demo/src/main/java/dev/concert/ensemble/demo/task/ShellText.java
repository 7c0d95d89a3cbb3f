package dev.concert.ensemble.demo.task;

import java.util.regex.Pattern;

/** Quotes a word for a POSIX shell. */
public final class ShellText {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./+@%:,-]+");

  private ShellText() {}

  public static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
