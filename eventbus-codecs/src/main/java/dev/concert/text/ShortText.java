package dev.concert.text;

/**
 * The beginning of a text. A character beyond the first 65,536, such as an emoji, is a pair of
 * {@code char}s; half of one is no text: it is shown as a question mark or refused by who gets it.
 */
public final class ShortText {
  private ShortText() {}

  /**
   * The text, or as much of its beginning as fits.
   *
   * @param longest {@code char}s of the result, at least 0
   */
  public static String of(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    boolean splitsPair = longest > 0 && Character.isHighSurrogate(text.charAt(longest - 1));
    return text.substring(0, splitsPair ? longest - 1 : longest);
  }

  /**
   * The same for people: a text that does not fit ends with an ellipsis.
   *
   * @param longest {@code char}s of the result with the ellipsis, at least 1
   */
  public static String marked(String text, int longest) {
    return text.length() <= longest ? text : of(text, longest - 1) + "…";
  }
}
