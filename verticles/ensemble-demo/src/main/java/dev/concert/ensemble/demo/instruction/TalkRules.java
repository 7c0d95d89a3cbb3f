package dev.concert.ensemble.demo.instruction;

import dev.concert.ensemble.demo.task.AskUser;
import dev.concert.ensemble.demo.task.Say;
import dev.concert.ensemble.demo.task.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;

/** Rules for sentences without a file: questions to the user, greetings, requests for help. */
final class TalkRules {
  /** What the demo model can do, as text for the user. */
  static final String ABILITIES =
      """
      I understand requests such as these, also joined by "and" or "then":

      - create hello.py that prints the first ten primes and run it
      - make hello.py print the first twenty primes
      - write a file notes.md with the text "Buy milk"
      - append "and bread" to notes.md, change milk to tea in notes.md
      - list the files, read notes.md, search for tea, delete notes.md
      - run the tests, run git status
      - ask me which colour I like: red, green or blue

      The programs I can write (Python or shell) print primes, Fibonacci numbers, factorials, \
      squares, a range of numbers, or a text. For real work, give Ensemble the key of a provider.\
      """;

  private TalkRules() {}

  static List<SentenceRule> all() {
    return List.of(
        SentenceRule.of("ask me(?: a question)?:? (?<question>.+)", TalkRules::ask),
        SentenceRule.of(
            "(?:hello|hi|hey|good (?:morning|evening|day))\\b.*",
            (sentence, scope) -> say("Hello! " + ABILITIES)),
        SentenceRule.of(
            "(?:help|who are you|what are you|what can you do)\\b.*",
            (sentence, scope) -> say(ABILITIES)),
        SentenceRule.of("(?:thanks|thank you)\\b.*", (sentence, scope) -> say("You are welcome.")));
  }

  private static Optional<List<Task>> ask(Matcher sentence, FileReference scope) {
    String text = QuotedText.bare(sentence.group("question"));
    int colon = text.indexOf(':');
    String question = colon < 0 ? text : text.substring(0, colon);
    List<String> options =
        colon < 0
            ? List.of()
            : Arrays.stream(text.substring(colon + 1).split(",\\s*(?:or )?|\\s+or\\s+"))
                .map(QuotedText::bare)
                .filter(option -> !option.isEmpty())
                .toList();
    return Optional.of(List.of(new AskUser(asQuestion(question.strip()), options)));
  }

  private static String asQuestion(String text) {
    String capitalised = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    return capitalised.endsWith("?") ? capitalised : capitalised + "?";
  }

  private static Optional<List<Task>> say(String text) {
    return Optional.of(List.of(new Say(text)));
  }
}
