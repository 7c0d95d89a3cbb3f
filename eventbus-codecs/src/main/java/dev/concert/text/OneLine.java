package dev.concert.text;

import java.util.regex.Pattern;

/**
 * A text that is shown in one line, such as a name or a title. It has no line break and no other
 * control character, and nothing that turns the direction of what stands around it.
 */
public final class OneLine {
  /** The rule for a sentence: "'name' …". */
  public static final String RULE =
      "must be one line, without control characters and without characters that turn the direction"
          + " of text";

  private static final String NOT_IN_IT =
      "\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069";

  /** For a JSON Schema. */
  public static final String PATTERN = "^[^" + NOT_IN_IT + "]*$";

  /** Half of a character beyond the first 65,536 is no text either. */
  private static final Pattern FORBIDDEN = Pattern.compile("[" + NOT_IN_IT + "\\ud800-\\udfff]");

  private OneLine() {}

  /** Whether a text is one. */
  public static boolean isOne(String text) {
    return !FORBIDDEN.matcher(text).find();
  }

  /**
   * A text as one line: what cannot stand in it becomes a space.
   *
   * @param longest {@code char}s of the result, at least 1; beyond that it ends with an ellipsis
   */
  public static String of(String text, int longest) {
    return ShortText.marked(FORBIDDEN.matcher(text).replaceAll(" "), longest);
  }
}
