package dev.concert.chronicle.snapshot;

import dev.concert.chronicle.archive.ArchiveFormat;
import dev.concert.chronicle.archive.ArchiveSource;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.PastMoment;
import dev.concert.chronicle.journal.Journal;
import dev.concert.chronicle.workspace.Workspace;
import dev.concert.chronicle.workspace.Workspaces;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.workspace.SnapshotMessages.OpenArchive;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Says what an archive of a workspace has. Thread-safe; blocks. */
public record ArchiveContents(Workspaces workspaces) {

  public static ArchiveFormat format(OpenArchive request) {
    return ArchiveFormat.named(request.format())
        .orElseThrow(
            () ->
                new ConcertException(ErrorCode.INVALID_MESSAGE, "format has to be tar.gz or zip."));
  }

  /** The files at a moment; refuses where one of their contents is not on this host. */
  public ArchiveSource source(OpenArchive request) {
    String id = workspaces.existing(request.workspaceId());
    return workspaces.with(id, space -> source(space, request.moment())).orElseThrow();
  }

  private static ArchiveSource source(Workspace space, String moment) {
    Journal journal = space.journal();
    PastMoment when =
        moment.isEmpty()
            ? new PastMoment.Sequence(journal.history().latest())
            : HistoricalFiles.moment(moment);
    List<Iteration> states =
        HistoricalFiles.at(journal, when).values().stream()
            .sorted(Comparator.comparing(Iteration::path))
            .toList();
    states.forEach(state -> require(space.contents(), state));
    return new ArchiveSource(
        states, moment.isEmpty() ? 0 : excluded(journal, states), space.contents());
  }

  /** Of these only the present state is kept. */
  private static int excluded(Journal journal, List<Iteration> states) {
    Set<String> known = states.stream().map(Iteration::path).collect(Collectors.toSet());
    return (int)
        journal.history().liveBelow("").keySet().stream()
            .filter(path -> journal.versioning().isExcluded(path) && !known.contains(path))
            .count();
  }

  private static void require(ContentStore contents, Iteration state) {
    if (contents.read(state.hash(), 0, 0).isEmpty()) {
      throw new ConcertException(
          ErrorCode.ITERATION_NOT_FOUND,
          "The content of iteration %d of %s is not on this host."
              .formatted(state.number(), state.path()));
    }
  }
}
