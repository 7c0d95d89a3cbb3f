package dev.concert.ensemble.provider.demo.instruction;

import dev.concert.ensemble.provider.demo.task.AskUser;
import dev.concert.ensemble.provider.demo.task.Say;
import dev.concert.ensemble.provider.demo.task.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;

/** Sentences that need no file: questions to be asked, greetings, a cry for help. */
final class TalkRules {
  /** What the demo model can do, for a person. */
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
      squares, a range of numbers, or a text. For real work, give Ensemble the key of a provider.""";

  private TalkRules() {}

  static List<Rule> all() {
    return List.of(
        Rule.of("ask me(?: a question)?:? (?<question>.+)", TalkRules::ask),
        Rule.of(
            "(?:hello|hi|hey|good (?:morning|evening|day))\\b.*",
            (sentence, scope) -> say("Hello! " + ABILITIES)),
        Rule.of(
            "(?:help|who are you|what are you|what can you do)\\b.*",
            (sentence, scope) -> say(ABILITIES)),
        Rule.of("(?:thanks|thank you)\\b.*", (sentence, scope) -> say("You are welcome.")));
  }

  private static Optional<List<Task>> ask(Matcher sentence, Scope scope) {
    String text = Words.bare(sentence.group("question"));
    int colon = text.indexOf(':');
    String question = colon < 0 ? text : text.substring(0, colon);
    List<String> options =
        colon < 0
            ? List.of()
            : Arrays.stream(text.substring(colon + 1).split(",\\s*(?:or )?|\\s+or\\s+"))
                .map(Words::bare)
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
