package dev.concert.ensemble.demo.task;

import java.util.List;

/**
 * Deletes a file with the shell, because there is no tool for it; the shell asks for permission.
 */
public record DeleteFile(String path) implements Task {

  @Override
  public NextMove next(List<ToolExchange> past) {
    NextMove move = new RunCommand("rm -- " + ShellText.quoted(path)).next(past);
    return move instanceof NextMove.Done
        ? new NextMove.Done("I deleted " + Phrases.code(path) + ".")
        : move;
  }
}
