package dev.concert.ensemble.demo.task;

import java.util.List;
import java.util.Map;

/** Shows a file; if it cannot be read, lists the files instead. */
public record ReadFile(String path) implements Task {

  @Override
  public NextMove next(List<ToolExchange> past) {
    return switch (past.size()) {
      case 0 ->
          new NextMove.Act(
              "The user wants to see " + path + ".",
              "I'll read " + Phrases.code(path) + ".",
              "read_file",
              Map.of("path", path));
      case 1 -> afterReading(past.getFirst());
      default -> afterListing(past.getFirst(), past.get(1));
    };
  }

  private NextMove afterReading(ToolExchange read) {
    if (read.denied()) {
      return Phrases.failed("read " + Phrases.code(path), read);
    }
    if (read.failed()) {
      return new NextMove.Act(
          "That did not work. The list of files may show what was meant.",
          "That did not work; I'll see what is there.",
          "list_files",
          Map.of());
    }
    return new NextMove.Done(Phrases.code(path) + " reads:\n\n" + Phrases.quote(read.result()));
  }

  private NextMove afterListing(ToolExchange read, ToolExchange list) {
    String failure = "I could not read " + Phrases.code(path) + ": " + read.reason();
    return new NextMove.Stopped(
        list.failed()
            ? failure
            : failure + "\n\nThese are there:\n\n" + Phrases.quote(list.result()));
  }
}
