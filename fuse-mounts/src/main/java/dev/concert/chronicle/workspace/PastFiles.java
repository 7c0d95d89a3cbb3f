package dev.concert.chronicle.workspace;

import dev.concert.chronicle.iteration.History;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Journal;
import dev.concert.chronicle.iteration.PastMoment;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.List;
import java.util.Map;

/** The files of a workspace as they were. */
final class PastFiles {
  private PastFiles() {}

  /** What a moment's text means. */
  static PastMoment moment(String text) {
    return PastMoment.of(text == null ? "" : text)
        .orElseThrow(
            () ->
                new ConcertException(
                    ErrorCode.INVALID_MESSAGE,
                    "A moment is the name of a snapshot, '@' and a time, or '#' and a number."));
  }

  /** By path; a moment before the workspace's first iteration is none. */
  static Map<String, Iteration> at(Journal journal, PastMoment moment) {
    History history = journal.history();
    return switch (moment) {
      case PastMoment.Named(String name) ->
          history.upTo(
              journal
                  .snapshots()
                  .find(name)
                  .orElseThrow(() -> SnapshotAnswers.notFound(name))
                  .sequence());
      case PastMoment.Sequence(long sequence) -> {
        if (sequence > history.latest()) {
          throw none("The workspace has no iteration #%d yet.".formatted(sequence));
        }
        yield history.upTo(sequence);
      }
      case PastMoment.Time(long millis) -> {
        List<Iteration> first = history.since(0, 1);
        if (first.isEmpty() || first.getFirst().timestamp() > millis) {
          throw none("The workspace has no history at that time.");
        }
        yield history.at(millis);
      }
    };
  }

  private static ConcertException none(String message) {
    return new ConcertException(ErrorCode.ITERATION_NOT_FOUND, message);
  }
}
