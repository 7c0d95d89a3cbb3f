package dev.concert.ensemble.demo.task;

import java.util.List;
import java.util.Map;

/** Lists a folder; {@code .} is the workspace itself. */
public record ListFiles(String path) implements Task {

  @Override
  public NextMove next(List<ToolExchange> past) {
    if (past.isEmpty()) {
      return new NextMove.Act(
          "The user wants to know what is there.",
          "I'll list the files.",
          "list_files",
          ".".equals(path) ? Map.of() : Map.of("path", path));
    }
    ToolExchange list = past.getFirst();
    return list.failed()
        ? Phrases.failed("list " + Phrases.code(path), list)
        : new NextMove.Done("These files are there:\n\n" + Phrases.quote(list.result()));
  }
}
