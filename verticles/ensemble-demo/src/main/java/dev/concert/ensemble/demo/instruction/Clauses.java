package dev.concert.ensemble.demo.instruction;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Splits a request into clauses: at "and", "then", a full stop or a new line, but only before a
 * verb that the demo model knows, and never inside quotes.
 */
final class Clauses {
  private static final String VERBS =
      "create|make|write|build|add|append|run|execute|start|list|show|print|read|open|cat|display"
          + "|change|replace|delete|remove|search|find|grep|look for|ask|test|tell";
  private static final Pattern BREAK =
      Pattern.compile(
          "(?:\\s*,?\\s+(?:and then|and|then)\\s+|\\s*(?<!^in"
              + " \\S{1,200})[;,]\\s*(?:then\\s+)?|\\.\\s+(?:then\\s+)?|\\s*\\n"
              + "\\s*)(?=(?:(?:please|also|finally|now|then) )*(?:"
              + VERBS
              + ")\\b)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern QUOTED =
      Pattern.compile("\"[^\"]*\"|“[^”]*”|`[^`]*`|(?<!\\w)'[^']*'(?!\\w)");
  private static final Pattern POLITENESS =
      Pattern.compile(
          "^(?:(?:please|also|finally|now|then|and|ok|okay|hey),? |(?:can|could|would|will) you"
              + " (?:please )?|i (?:want|need) you to |i(?:'d| would) like you to )+",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern ENDING =
      Pattern.compile("(?:,? please)?\\s*[.!?]*$", Pattern.CASE_INSENSITIVE);

  private Clauses() {}

  static List<String> of(String request) {
    List<int[]> quotes = quotes(request);
    List<String> clauses = new ArrayList<>();
    Matcher matcher = BREAK.matcher(request);
    int start = 0;
    while (matcher.find()) {
      int at = matcher.start();
      if (quotes.stream().noneMatch(quote -> quote[0] <= at && at < quote[1])) {
        clauses.add(request.substring(start, at));
        start = matcher.end();
      }
    }
    clauses.add(request.substring(start));
    return clauses.stream().map(Clauses::bare).flatMap(Clauses::notEmpty).toList();
  }

  private static List<int[]> quotes(String request) {
    return QUOTED
        .matcher(request)
        .results()
        .map(result -> new int[] {result.start(), result.end()})
        .toList();
  }

  private static String bare(String clause) {
    String polite = POLITENESS.matcher(clause.strip()).replaceFirst("");
    return ENDING.matcher(polite).replaceFirst("").strip();
  }

  private static Stream<String> notEmpty(String clause) {
    return clause.isEmpty() ? Stream.empty() : Stream.of(clause);
  }
}
