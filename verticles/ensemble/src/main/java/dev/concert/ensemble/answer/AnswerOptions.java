package dev.concert.ensemble.answer;

import java.time.Duration;

/**
 * How long answers are kept.
 *
 * @param keep from their end
 * @param mostBytes of all of them, compressed; beyond it the oldest go first
 */
public record AnswerOptions(Duration keep, long mostBytes) {
  public static final AnswerOptions DEFAULT =
      new AnswerOptions(Duration.ofHours(24), 1024L * 1024 * 1024);
}
