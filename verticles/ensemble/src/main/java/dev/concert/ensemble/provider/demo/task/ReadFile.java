package dev.concert.ensemble.provider.demo.task;

import java.util.List;
import java.util.Map;

/** Shows a file; when it cannot be read, shows what is there instead. */
public record ReadFile(String path) implements Task {

  @Override
  public Move next(List<Exchange> past) {
    return switch (past.size()) {
      case 0 ->
          new Move.Act(
              "The user wants to see " + path + ".",
              "I'll read " + Phrases.code(path) + ".",
              "read_file",
              Map.of("path", path));
      case 1 -> afterReading(past.getFirst());
      default -> afterListing(past.getFirst(), past.get(1));
    };
  }

  private Move afterReading(Exchange read) {
    if (read.denied()) {
      return Phrases.failed("read " + Phrases.code(path), read);
    }
    if (read.failed()) {
      return new Move.Act(
          "That did not work. The list of files may show what was meant.",
          "That did not work; I'll see what is there.",
          "list_files",
          Map.of());
    }
    return new Move.Done(Phrases.code(path) + " reads:\n\n" + Phrases.quote(read.result()));
  }

  private Move afterListing(Exchange read, Exchange list) {
    String failure = "I could not read " + Phrases.code(path) + ": " + read.reason();
    return new Move.Stopped(
        list.failed()
            ? failure
            : failure + "\n\nThese are there:\n\n" + Phrases.quote(list.result()));
  }
}
