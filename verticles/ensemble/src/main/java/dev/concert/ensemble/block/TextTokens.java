package dev.concert.ensemble.block;

/**
 * Estimates the tokens of a text by its scripts: a tokenizer joins about four Latin letters to one
 * token, two or three of most other alphabets, and hardly ever two Chinese characters.
 *
 * <p>In thousandths of a token, so that pieces can be summed. The weights are for the tokenizers of
 * today's large models, rounded up: the estimate limits what a call may cost.
 */
public final class TextTokens {
  /** What one token weighs. */
  public static final int ONE = 1_000;

  private static final int LATIN = 250;
  private static final int ACCENTED = 400;
  private static final int ALPHABET = 450;
  private static final int SYLLABIC = 700;
  private static final int IDEOGRAPH = ONE;

  /** The last letter of Latin scripts with accents. */
  private static final char LAST_ACCENTED = '\u024f';

  /** The last of Greek, Cyrillic, Armenian, Hebrew, Arabic and Syriac. */
  private static final char LAST_ALPHABET = '\u08ff';

  /** The last of the scripts of South and South-East Asia, Georgia, Ethiopia and America. */
  private static final char LAST_SYLLABIC = '\u1fff';

  /** The last of punctuation, arrows, mathematics and boxes. */
  private static final char LAST_SYMBOL = '\u2dff';

  private TextTokens() {}

  /** The weight of a text in thousandths of a token. */
  public static long weight(CharSequence text) {
    long weight = 0;
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      weight += unit < 0x80 ? LATIN : rare(unit);
    }
    return weight;
  }

  /** The whole tokens of a weight, rounded up. */
  public static long tokens(long weight) {
    return Math.ceilDiv(weight, ONE);
  }

  private static int rare(char unit) {
    if (unit <= LAST_ACCENTED) {
      return ACCENTED;
    }
    if (unit <= LAST_ALPHABET) {
      return ALPHABET;
    }
    if (unit <= LAST_SYLLABIC) {
      return SYLLABIC;
    }
    // Chinese, Japanese and Korean characters; a pair of surrogates, such as an emoji, is two.
    return unit <= LAST_SYMBOL ? SYLLABIC : IDEOGRAPH;
  }
}
