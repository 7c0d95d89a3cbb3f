package dev.concert.automations.schedule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A rule that says when something is due. Immutable and thread-safe. */
public sealed interface Schedule
    permits CronSchedule, IntervalSchedule, OnceSchedule, RecurrenceSchedule {

  /** The first instant after this one at which it is due; empty when there is none any more. */
  Optional<Instant> next(Instant after);

  /** One English phrase, such as "at 09:00 every day". */
  String description();

  /** The next instants after this one, at most that many. */
  default List<Instant> next(Instant after, int count) {
    List<Instant> instants = new ArrayList<>();
    Optional<Instant> due = next(after);
    while (due.isPresent() && instants.size() < count) {
      instants.add(due.get());
      due = next(due.get());
    }
    return instants;
  }
}
