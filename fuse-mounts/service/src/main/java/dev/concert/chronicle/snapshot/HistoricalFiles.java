package dev.concert.chronicle.snapshot;

import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.PastMoment;
import dev.concert.chronicle.journal.History;
import dev.concert.chronicle.journal.Journal;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.List;
import java.util.Map;

/** The files of a workspace as they were. */
final class HistoricalFiles {
  private HistoricalFiles() {}

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
                  .orElseThrow(() -> SnapshotRequests.notFound(name))
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

  /** Refuses a moment of which a retention policy dropped what some file was. */
  static void requireKnown(Journal journal, PastMoment moment) {
    if (moment instanceof PastMoment.Sequence(long sequence)) {
      List<String> unknown =
          journal.history().unknownAt(sequence).stream()
              .filter(path -> !journal.versioning().isExcluded(path))
              .toList();
      if (!unknown.isEmpty()) {
        throw none(
            "A retention policy dropped what %d files were at #%d, for example %s."
                .formatted(unknown.size(), sequence, unknown.getFirst()));
      }
    }
  }

  private static ConcertException none(String message) {
    return new ConcertException(ErrorCode.ITERATION_NOT_FOUND, message);
  }
}
