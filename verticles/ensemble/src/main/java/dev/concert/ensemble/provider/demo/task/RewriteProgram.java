package dev.concert.ensemble.provider.demo.task;

import java.util.List;
import java.util.Map;

/** Looks at a program and replaces it by another one; makes it when it is not there. */
public record RewriteProgram(String path, String content, String what) implements Task {

  @Override
  public Move next(List<Exchange> past) {
    if (past.isEmpty()) {
      return new Move.Act(
          path + " may exist already. I look at it before I replace it.",
          "I'll look at " + Phrases.code(path) + " first.",
          "read_file",
          Map.of("path", path));
    }
    Exchange read = past.getFirst();
    if (read.denied()) {
      return Phrases.failed("read " + Phrases.code(path), read);
    }
    return new WriteFile(path, content, what).next(past.subList(1, past.size()));
  }
}
