package dev.concert.automations.trigger;

import dev.concert.automation.ChatFilter;
import dev.concert.automation.EventMessages.ChatEvent;
import dev.concert.text.ShortText;
import java.util.regex.Pattern;

/** Whether a message is one that an automation waits for. Pure. */
final class ChatMatch {
  private static final int SEARCHED = 4000;

  /** A pattern that tries again and again ends here: about ten milliseconds. */
  private static final int MAX_STEPS = 1_000_000;

  private ChatMatch() {}

  /** All but the role of who wrote it. */
  static boolean matches(ChatFilter filter, ChatEvent event) {
    String text = ShortText.of(event.text(), SEARCHED);
    return isOrAny(filter.platform(), event.platform())
        && isOrAny(filter.connection(), event.connectionId())
        && isOrAny(filter.channel(), event.channel())
        && (filter.allWords().isEmpty()
            || filter.allWords().stream().anyMatch(word -> hasWord(text, word)))
        && (filter.pattern() == null || isFound(Pattern.compile(filter.pattern()), text));
  }

  private static boolean isOrAny(String wanted, String found) {
    return wanted == null || wanted.equals(found);
  }

  private static boolean hasWord(String text, String word) {
    return Pattern.compile(
            "(?<![\\p{L}\\p{N}_])" + Pattern.quote(word.strip()) + "(?![\\p{L}\\p{N}_])",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
        .matcher(text)
        .find();
  }

  private static boolean isFound(Pattern pattern, String text) {
    try {
      return pattern.matcher(new CountedText(text, new int[] {MAX_STEPS})).find();
    } catch (CountedText.TooManySteps | StackOverflowError e) {
      return false;
    }
  }

  /**
   * A text that can be read so many times.
   *
   * @param left one number, which all parts of the text share
   */
  private record CountedText(CharSequence text, int[] left) implements CharSequence {
    /** The pattern takes too long. */
    private static final class TooManySteps extends RuntimeException {
      private static final long serialVersionUID = 1;

      TooManySteps() {
        super("The pattern takes too long", null, false, false);
      }
    }

    @Override
    public char charAt(int index) {
      if (left[0]-- <= 0) {
        throw new TooManySteps();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new CountedText(text.subSequence(start, end), left);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
