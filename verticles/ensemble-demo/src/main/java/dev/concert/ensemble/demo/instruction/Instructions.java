package dev.concert.ensemble.demo.instruction;

import dev.concert.ensemble.demo.task.Say;
import dev.concert.ensemble.demo.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads a request as tasks, or answers that it does not understand it.
 *
 * <p>A request that is understood only in part is not begun, because half of it may be worse than
 * nothing.
 */
public final class Instructions {
  /** Nobody types so much by hand; matching it would take time for nothing. */
  private static final int LONGEST_REQUEST = 4_000;

  private static final List<SentenceRule> RULES =
      Stream.of(TalkRules.all(), ProgramRules.all(), List.of(FileRules.searchIn()), FileRules.all())
          .flatMap(List::stream)
          .toList();

  private Instructions() {}

  /**
   * @param request what the person wrote
   * @param lastFile the file the conversation was about before, which is what "it" means
   * @return at least one task
   */
  public static List<Task> read(String request, Optional<String> lastFile) {
    if (request.length() > LONGEST_REQUEST) {
      return List.of(new Say("This is longer than I can understand. " + TalkRules.ABILITIES));
    }
    FileReference scope = new FileReference(lastFile);
    List<Task> tasks = new ArrayList<>();
    for (String clause : Clauses.of(request)) {
      Optional<List<Task>> understood = tasksOf(clause, scope);
      if (understood.isEmpty()) {
        return List.of(notUnderstood(clause));
      }
      understood.get().stream().filter(task -> isNew(tasks, task)).forEach(tasks::add);
    }
    return tasks.isEmpty() ? List.of(new Say(TalkRules.ABILITIES)) : tasks;
  }

  private static Optional<List<Task>> tasksOf(String clause, FileReference scope) {
    return RULES.stream()
        .map(rule -> rule.read(clause, scope))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** "Make it print … and run it": the first part runs it already. */
  private static boolean isNew(List<Task> tasks, Task task) {
    return tasks.isEmpty() || !tasks.getLast().equals(task);
  }

  private static Say notUnderstood(String clause) {
    return new Say(
        "I do not understand \"" + clause + "\", so I did nothing. " + TalkRules.ABILITIES);
  }
}
