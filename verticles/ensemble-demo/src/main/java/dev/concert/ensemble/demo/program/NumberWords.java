package dev.concert.ensemble.demo.program;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the first number in a sentence, in digits or in English words up to a hundred. */
final class NumberWords {
  private static final List<String> SMALL =
      List.of(
          "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
              .concat(" fifteen sixteen seventeen eighteen nineteen")
              .split(" "));
  private static final List<String> TENS =
      List.of("twenty thirty forty fifty sixty seventy eighty ninety".split(" "));
  private static final Pattern NUMBER =
      Pattern.compile(
          "\\b(?:(\\d{1,4})|(?:a |one )?(hundred)|(%s)(?:[ -](%s))?|(%s))\\b"
              .formatted(
                  String.join("|", TENS),
                  String.join("|", SMALL.subList(1, 10)),
                  String.join("|", SMALL)));

  private NumberWords() {}

  static OptionalInt first(String sentence) {
    Matcher matcher = NUMBER.matcher(sentence.toLowerCase(Locale.ROOT));
    return matcher.find() ? OptionalInt.of(value(matcher)) : OptionalInt.empty();
  }

  private static int value(Matcher matcher) {
    if (matcher.group(1) != null) {
      return Integer.parseInt(matcher.group(1));
    }
    if (matcher.group(2) != null) {
      return 100;
    }
    if (matcher.group(5) != null) {
      return SMALL.indexOf(matcher.group(5));
    }
    int units = matcher.group(4) == null ? 0 : SMALL.indexOf(matcher.group(4));
    return (TENS.indexOf(matcher.group(3)) + 2) * 10 + units;
  }
}
