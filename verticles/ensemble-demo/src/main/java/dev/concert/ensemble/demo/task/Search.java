package dev.concert.ensemble.demo.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Searches the files for a text.
 *
 * @param path folder or file; {@code .} is the workspace itself
 */
public record Search(String text, String path) implements Task {
  private static final Pattern SPECIAL = Pattern.compile("[\\\\.\\[\\]{}()*+?^$|]");

  @Override
  public NextMove next(List<ToolExchange> past) {
    if (past.isEmpty()) {
      Map<String, Object> arguments = new LinkedHashMap<>();
      arguments.put("pattern", SPECIAL.matcher(text).replaceAll("\\\\$0"));
      if (!".".equals(path)) {
        arguments.put("path", path);
      }
      return new NextMove.Act(
          "The search tool takes a regular expression, so I escape what is special.",
          "I'll search for " + Phrases.code(text) + ".",
          "search",
          arguments);
    }
    ToolExchange search = past.getFirst();
    return search.failed()
        ? Phrases.failed("search for " + Phrases.code(text), search)
        : new NextMove.Done(
            "The search for " + Phrases.code(text) + " gave:\n\n" + Phrases.quote(search.result()));
  }
}
