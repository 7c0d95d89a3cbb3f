package dev.concert.ensemble.demo.task;

import java.util.List;
import java.util.Map;

/** Runs a command in the shell and reports what it printed. */
public record RunCommand(String command) implements Task {

  @Override
  public NextMove next(List<ToolExchange> past) {
    if (past.isEmpty()) {
      return new NextMove.Act(
          "This needs the shell: " + command,
          "I'll run " + Phrases.code(command) + ".",
          "bash",
          Map.of("command", command));
    }
    ToolExchange run = past.getFirst();
    if (run.failed()) {
      return Phrases.failed("run " + Phrases.code(command), run);
    }
    String printed = " It printed:\n\n" + Phrases.quote(run.result());
    return run.exitCode().isPresent()
        ? new NextMove.Stopped(
            Phrases.code(command)
                + " ended with exit code "
                + run.exitCode().getAsInt()
                + "."
                + printed)
        : new NextMove.Done("I ran " + Phrases.code(command) + "." + printed);
  }
}
