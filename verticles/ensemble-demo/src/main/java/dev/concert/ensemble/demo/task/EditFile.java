package dev.concert.ensemble.demo.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Replaces a text in a file. If it occurs more than once, which {@code edit_file} refuses, the
 * whole file is rewritten with every occurrence replaced.
 */
public record EditFile(String path, String before, String after) implements Task {

  @Override
  public NextMove next(List<ToolExchange> past) {
    return switch (past.size()) {
      case 0 -> edit();
      case 1 -> afterEdit(past.getFirst());
      case 2 -> afterReading(past.getFirst(), past.get(1));
      default -> afterWriting(past.get(2));
    };
  }

  private NextMove edit() {
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("path", path);
    arguments.put("old_string", before);
    arguments.put("new_string", after);
    return new NextMove.Act(
        "One passage of " + path + " changes; edit_file is made for that.",
        "I'll change " + Phrases.code(before) + " to " + Phrases.code(after) + ".",
        "edit_file",
        arguments);
  }

  private NextMove afterEdit(ToolExchange edit) {
    if (!edit.failed()) {
      return changed();
    }
    boolean severalTimes = edit.reason().contains("occurs") && edit.reason().contains("times");
    if (!severalTimes) {
      return Phrases.failed("edit " + Phrases.code(path), edit);
    }
    return new NextMove.Act(
        "It occurs several times, and the user named no place: all of them are meant.",
        "It occurs several times, so I'll replace all of them.",
        "read_file",
        Map.of("path", path));
  }

  private NextMove afterReading(ToolExchange edit, ToolExchange read) {
    Optional<String> text = ShownFile.content(read);
    if (text.isEmpty()) {
      return Phrases.failed("edit " + Phrases.code(path), edit);
    }
    return new WriteFile(path, text.get().replace(before, after), "with every occurrence replaced")
        .next(List.of());
  }

  private NextMove afterWriting(ToolExchange write) {
    return write.failed() ? Phrases.failed("write " + Phrases.code(path), write) : changed();
  }

  private NextMove changed() {
    return new NextMove.Done(
        "In %s I changed %s to %s."
            .formatted(Phrases.code(path), Phrases.code(before), Phrases.code(after)));
  }
}
