package dev.concert.ensemble.demo.program;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.concert.ensemble.demo.task.ShellText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes the program that prints what a sentence names, if it is a known one. */
public final class ProgramWriter {
  private static final int DEFAULT_COUNT = 10;
  private static final int MOST = 1_000;

  private static final List<Map.Entry<Pattern, KnownProgram>> SUBJECTS =
      List.of(
          Map.entry(word("primes?|prime numbers?"), KnownProgram.PRIMES),
          Map.entry(word("fibonacci"), KnownProgram.FIBONACCI),
          Map.entry(word("factorials?"), KnownProgram.FACTORIALS),
          Map.entry(word("squares?|square numbers?"), KnownProgram.SQUARES),
          Map.entry(word("numbers (from )?\\w+ to"), KnownProgram.COUNTING),
          // What is left of "counts from one to five".
          Map.entry(Pattern.compile("^(from (1|one) )?(up )?to \\w+$"), KnownProgram.COUNTING));
  private static final Pattern COUNT_TO = word("(?:numbers )?(?:from )?(?:1|one) (?:to|up to) ");
  private static final Pattern QUOTED = Pattern.compile("^[\"'“`](.*)[\"'”`]$", Pattern.DOTALL);
  private static final Pattern PLAIN_WORDS = Pattern.compile("[\\p{L}\\p{N} ,.!?'-]{1,200}");
  private static final Pattern GREETING =
      Pattern.compile("^(hello|hi|good morning|goodbye|bye)\\b.*", Pattern.CASE_INSENSITIVE);

  private ProgramWriter() {}

  /**
   * @param subject what comes after "prints", for example {@code the first ten primes}
   * @return empty when it is none of the known programs
   */
  public static Optional<Program> write(Language language, String subject) {
    Matcher quoted = QUOTED.matcher(subject.strip());
    if (quoted.matches()) {
      return Optional.of(printing(language, quoted.group(1)));
    }
    Optional<Program> known =
        SUBJECTS.stream()
            .filter(entry -> entry.getKey().matcher(subject).find())
            .findFirst()
            .map(entry -> entry.getValue().of(language, count(subject)));
    if (known.isPresent()) {
      return known;
    }
    String text = subject.strip().replaceFirst("(?i)^the (text|words?|line|message) ", "");
    boolean literal = !text.equals(subject.strip()) || GREETING.matcher(text).matches();
    return literal && PLAIN_WORDS.matcher(text).matches()
        ? Optional.of(printing(language, text))
        : Optional.empty();
  }

  private static int count(String subject) {
    // In "the numbers from 1 to 20" the first number is not the one that counts.
    String rest = COUNT_TO.matcher(subject).replaceFirst("");
    return Math.min(NumberWords.first(rest).orElse(DEFAULT_COUNT), MOST);
  }

  private static Program printing(Language language, String text) {
    String source =
        switch (language) {
          // A JSON string is also a Python string.
          case PYTHON -> "print(" + TextNode.valueOf(text) + ")\n";
          case SHELL -> "#!/usr/bin/env bash\nprintf '%s\\n' " + ShellText.quoted(text) + "\n";
        };
    return new Program(source, "which prints \"" + text + "\"");
  }

  private static Pattern word(String expression) {
    return Pattern.compile("\\b(?:" + expression + ")", Pattern.CASE_INSENSITIVE);
  }
}
