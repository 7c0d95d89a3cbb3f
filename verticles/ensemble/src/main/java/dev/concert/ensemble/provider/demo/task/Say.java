package dev.concert.ensemble.provider.demo.task;

import java.util.List;

/** Answers with words only. */
public record Say(String text) implements Task {

  @Override
  public Move next(List<Exchange> past) {
    return new Move.Stopped(text);
  }
}
