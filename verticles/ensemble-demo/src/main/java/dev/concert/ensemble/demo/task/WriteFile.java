package dev.concert.ensemble.demo.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a whole file.
 *
 * @param what completes "a file with …" for a person
 */
public record WriteFile(String path, String content, String what) implements Task {

  @Override
  public NextMove next(List<ToolExchange> past) {
    if (past.isEmpty()) {
      Map<String, Object> arguments = new LinkedHashMap<>();
      arguments.put("path", path);
      arguments.put("content", content);
      return new NextMove.Act(
          "The user wants " + path + ", " + what + ". One write_file call does it.",
          "I'll write " + Phrases.code(path) + ".",
          "write_file",
          arguments);
    }
    ToolExchange written = past.getFirst();
    return written.failed()
        ? Phrases.failed("write " + Phrases.code(path), written)
        : new NextMove.Done("I wrote " + Phrases.code(path) + ", " + what + ".");
  }
}
