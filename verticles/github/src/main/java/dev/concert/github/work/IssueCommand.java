package dev.concert.github.work;

import dev.concert.github.connection.ForgeConnection;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What people ask for on an issue or pull request beside work, or answer there, as a mention with a
 * word or two.
 *
 * @param text what they wrote without the mention
 * @param number of the question that is answered; 0 for the only one
 */
record IssueCommand(Name name, String text, int number) {
  static final String HELP =
      """
      Mention me with what you want done, and I work on it. Beside that:
      - `@concert status`: what I am doing here
      - `@concert stop`: stop it
      - `@concert model`: the models that there are
      - `@concert yes`, `@concert no`: answer what I ask, with the number where several questions are open
      - `@concert help`: this text\
      """;

  private static final Pattern ANSWER =
      Pattern.compile("(yes|no)(?:\\s+#?(\\d{1,4}))?[.!]?", Pattern.CASE_INSENSITIVE);

  /** What is asked for. */
  enum Name {
    HELP,
    STATUS,
    MODEL,
    STOP,
    YES,
    NO,
    /** It may be one of the answers that a question offers. */
    OTHER
  }

  /** Empty where a text does not mention us; a quotation of somebody else is no mention. */
  static Optional<IssueCommand> of(ForgeConnection connection, String text) {
    String handles =
        connection.handles().stream().map(Pattern::quote).collect(Collectors.joining("|"));
    Pattern mention =
        Pattern.compile("(?i)\\s*@(?:" + handles + ")(?![\\w-])[:,]?\\s*(.{1,200}?)\\s*");
    Matcher said = mention.matcher(text);
    return said.matches() ? Optional.of(of(said.group(1))) : Optional.empty();
  }

  private static IssueCommand of(String said) {
    Matcher answer = ANSWER.matcher(said);
    if (answer.matches()) {
      int number = answer.group(2) == null ? 0 : Integer.parseInt(answer.group(2));
      return new IssueCommand(Name.valueOf(answer.group(1).toUpperCase(Locale.ROOT)), said, number);
    }
    Name name =
        switch (said.toLowerCase(Locale.ROOT).replaceFirst("[.!]$", "")) {
          case "help" -> Name.HELP;
          case "status" -> Name.STATUS;
          case "model", "models" -> Name.MODEL;
          case "stop" -> Name.STOP;
          default -> Name.OTHER;
        };
    return new IssueCommand(name, said, 0);
  }
}
