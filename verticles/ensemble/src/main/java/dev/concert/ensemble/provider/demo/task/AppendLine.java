package dev.concert.ensemble.provider.demo.task;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Adds a line at the end of a file; makes the file when it is not there. */
public record AppendLine(String path, String line) implements Task {

  @Override
  public Move next(List<Exchange> past) {
    return switch (past.size()) {
      case 0 ->
          new Move.Act(
              "To add to " + path + " I have to know what is in it.",
              "I'll read " + Phrases.code(path) + " first.",
              "read_file",
              Map.of("path", path));
      case 1 -> write(past.getFirst());
      default -> afterWriting(past.get(1));
    };
  }

  private Move write(Exchange read) {
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

  private Move afterWriting(Exchange write) {
    return write.failed() || write.exitCode().isPresent()
        ? Phrases.failed("write " + Phrases.code(path), write)
        : new Move.Done("I added " + Phrases.code(line) + " to " + Phrases.code(path) + ".");
  }
}
