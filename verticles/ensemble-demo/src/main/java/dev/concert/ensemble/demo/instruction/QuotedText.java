package dev.concert.ensemble.demo.instruction;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Removes the quotes of a text. */
final class QuotedText {
  private static final Pattern QUOTED =
      Pattern.compile("^(?:\"(.*)\"|'(.*)'|`(.*)`|“(.*)”)$", Pattern.DOTALL);

  private QuotedText() {}

  static String bare(String text) {
    Matcher matcher = QUOTED.matcher(text.strip());
    if (!matcher.matches()) {
      return text.strip();
    }
    for (int group = 1; group <= matcher.groupCount(); group++) {
      if (matcher.group(group) != null) {
        return matcher.group(group);
      }
    }
    return text.strip();
  }
}
