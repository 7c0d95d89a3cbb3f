package dev.concert.ensemble.demo.instruction;

import dev.concert.ensemble.demo.task.Task;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A pattern of a sentence and the tasks it stands for. */
record SentenceRule(Pattern form, Meaning meaning) {
  private static final String FILE =
      "(?:the )?(?:file |program |script )?(?:called |named )?"
          + "[\"'`“]?(?<file>[^\\s\"'`“”,:;]+)[\"'`”]?";

  /** What a sentence of the form means. */
  @FunctionalInterface
  interface Meaning {
    /** Empty when the sentence has the form, but what it says is not known. */
    Optional<List<Task>> of(Matcher sentence, FileReference scope);
  }

  /**
   * @param form a regular expression for a whole clause, in which FILE stands for a file's name or
   *     "it", caught as the group {@code file}
   */
  static SentenceRule of(String form, Meaning meaning) {
    return new SentenceRule(
        Pattern.compile(form.replace("FILE", FILE), Pattern.CASE_INSENSITIVE | Pattern.DOTALL),
        meaning);
  }

  Optional<List<Task>> read(String clause, FileReference scope) {
    Matcher sentence = form.matcher(clause);
    return sentence.matches() ? meaning.of(sentence, scope) : Optional.empty();
  }
}
