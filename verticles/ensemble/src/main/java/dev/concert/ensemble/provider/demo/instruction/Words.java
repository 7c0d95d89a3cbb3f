package dev.concert.ensemble.provider.demo.instruction;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes the quotes off a text. */
final class Words {
  private static final Pattern QUOTED =
      Pattern.compile("^(?:\"(.*)\"|'(.*)'|`(.*)`|“(.*)”)$", Pattern.DOTALL);

  private Words() {}

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
