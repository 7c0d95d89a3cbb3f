package dev.concert.ensemble.provider.demo.task;

import java.util.List;

/** Deletes a file. There is no tool for it, so the shell does it, which asks for permission. */
public record DeleteFile(String path) implements Task {

  @Override
  public Move next(List<Exchange> past) {
    Move move = new RunCommand("rm -- " + ShellText.quoted(path)).next(past);
    return move instanceof Move.Done
        ? new Move.Done("I deleted " + Phrases.code(path) + ".")
        : move;
  }
}
