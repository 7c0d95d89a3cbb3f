package dev.concert.ensemble.provider.demo.task;

import java.util.List;
import java.util.Map;

/** Lists a folder; {@code .} is the workspace itself. */
public record ListFiles(String path) implements Task {

  @Override
  public Move next(List<Exchange> past) {
    if (past.isEmpty()) {
      return new Move.Act(
          "The user wants to know what is there.",
          "I'll list the files.",
          "list_files",
          ".".equals(path) ? Map.of() : Map.of("path", path));
    }
    Exchange list = past.getFirst();
    return list.failed()
        ? Phrases.failed("list " + Phrases.code(path), list)
        : new Move.Done("These files are there:\n\n" + Phrases.quote(list.result()));
  }
}
