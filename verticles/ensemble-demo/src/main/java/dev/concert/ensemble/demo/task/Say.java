package dev.concert.ensemble.demo.task;

import java.util.List;

/** Answers with words only. */
public record Say(String text) implements Task {

  @Override
  public NextMove next(List<ToolExchange> past) {
    return new NextMove.Stopped(text);
  }
}
