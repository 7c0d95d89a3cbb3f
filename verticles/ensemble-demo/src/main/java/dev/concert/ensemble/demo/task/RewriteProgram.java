package dev.concert.ensemble.demo.task;

import java.util.List;
import java.util.Map;

/** Reads a program and replaces it by another one; creates it if it does not exist. */
public record RewriteProgram(String path, String content, String what) implements Task {

  @Override
  public NextMove next(List<ToolExchange> past) {
    if (past.isEmpty()) {
      return new NextMove.Act(
          path + " may exist already. I look at it before I replace it.",
          "I'll look at " + Phrases.code(path) + " first.",
          "read_file",
          Map.of("path", path));
    }
    ToolExchange read = past.getFirst();
    if (read.denied()) {
      return Phrases.failed("read " + Phrases.code(path), read);
    }
    return new WriteFile(path, content, what).next(past.subList(1, past.size()));
  }
}
