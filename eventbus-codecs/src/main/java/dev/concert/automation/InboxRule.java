package dev.concert.automation;

import java.util.List;
import java.util.Optional;

/**
 * What becomes of items as they come into somebody's inbox. The first rule that matches counts.
 *
 * @param when which items
 * @param then what is done with them
 */
public record InboxRule(String name, Match when, Action then) {

  /**
   * Which items a rule is for. What is null matches all.
   *
   * @param kinds of {@code result}, {@code question}, {@code failure}, {@code notice}
   * @param severities of {@code info}, {@code warning}, {@code error}
   * @param automationId whose items
   * @param words one of them is in the title or the body, in upper or lower case
   */
  public record Match(
      List<String> kinds, List<String> severities, String automationId, List<String> words) {
    private static final int MAX_WORDS = 50;
    private static final int MAX_WORD = 200;
    private static final List<String> KINDS = List.of("result", "question", "failure", "notice");

    public Optional<String> fault() {
      if (kinds != null && !KINDS.containsAll(kinds)) {
        return Optional.of("'when.kinds' must be of result, question, failure, notice");
      }
      if (severities != null && !SEVERITIES.containsAll(severities)) {
        return Optional.of("'when.severities' must be of info, warning, error");
      }
      boolean hasGoodWords =
          words == null
              || words.size() <= MAX_WORDS
                  && words.stream()
                      .allMatch(
                          word -> word != null && !word.isBlank() && word.length() <= MAX_WORD);
      return hasGoodWords
          ? Optional.empty()
          : Optional.of("'when.words' has at most 50 texts of 1 to 200 characters");
    }
  }

  /**
   * What is done.
   *
   * @param action {@code merge} into the newest open item of the same automation and kind, {@code
   *     rate}, {@code snooze}, {@code close}, or {@code agent}, whose answer decides
   * @param severity for {@code rate}
   * @param snooze a duration such as {@code PT4H}, for {@code snooze}
   * @param automationId of the same owner; its run is the agent of {@code agent}
   */
  public record Action(String action, String severity, String snooze, String automationId) {
    public Optional<String> fault() {
      return switch (action == null ? "" : action) {
        case "merge", "close" -> Optional.empty();
        case "rate" ->
            severity != null && SEVERITIES.contains(severity)
                ? Optional.empty()
                : Optional.of("'then.severity' must be info, warning or error");
        case "snooze" ->
            snooze == null
                ? Optional.of("'then.snooze' is missing, for example PT4H")
                : Optional.empty();
        case "agent" ->
            automationId == null ? Optional.of("'then.automationId' is missing") : Optional.empty();
        default -> Optional.of("'then.action' must be merge, rate, snooze, close or agent");
      };
    }
  }

  static final List<String> SEVERITIES = List.of("info", "warning", "error");
}
