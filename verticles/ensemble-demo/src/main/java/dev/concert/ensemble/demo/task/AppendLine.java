package dev.concert.ensemble.demo.task;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Appends a line to a file; creates the file if it does not exist. */
public record AppendLine(String path, String line) implements Task {

  @Override
  public NextMove next(List<ToolExchange> past) {
    return switch (past.size()) {
      case 0 ->
          new NextMove.Act(
              "To add to " + path + " I have to know what is in it.",
              "I'll read " + Phrases.code(path) + " first.",
              "read_file",
              Map.of("path", path));
      case 1 -> write(past.getFirst());
      default -> afterWriting(past.get(1));
    };
  }

  private NextMove write(ToolExchange read) {
    if (read.denied()) {
      return Phrases.failed("read " + Phrases.code(path), read);
    }
    if (read.failed()) {
      return new WriteFile(path, line + "\n", "a new file with that line").next(List.of());
    }
    Optional<String> text = ShownFile.content(read);
    return text.isPresent()
        ? new WriteFile(path, text.get() + line + "\n", "with that line at its end").next(List.of())
        // Too long to be shown whole: only the shell can add to it without losing the rest.
        : new RunCommand(
                "printf '%s\\n' " + ShellText.quoted(line) + " >> " + ShellText.quoted(path))
            .next(List.of());
  }

  private NextMove afterWriting(ToolExchange write) {
    return write.failed() || write.exitCode().isPresent()
        ? Phrases.failed("write " + Phrases.code(path), write)
        : new NextMove.Done("I added " + Phrases.code(line) + " to " + Phrases.code(path) + ".");
  }
}
