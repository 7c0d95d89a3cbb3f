package dev.concert.chronicle.workspace;

import dev.concert.chronicle.archive.ArchiveFormat;
import dev.concert.chronicle.archive.ArchiveSource;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Journal;
import dev.concert.chronicle.iteration.PastMoment;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.workspace.SnapshotMessages.OpenArchive;
import java.util.Comparator;
import java.util.List;

/** Says what an archive of a workspace has. Thread-safe; blocks. */
record Archives(Workspaces workspaces) {

  static ArchiveFormat format(OpenArchive request) {
    return ArchiveFormat.named(request.format())
        .orElseThrow(
            () ->
                new ConcertException(ErrorCode.INVALID_MESSAGE, "format has to be tar.gz or zip."));
  }

  /** The files at a moment; refuses where one of their contents is not on this host. */
  ArchiveSource source(OpenArchive request) {
    String id = workspaces.existing(request.workspaceId());
    return workspaces.with(id, space -> source(space, request.moment())).orElseThrow();
  }

  private static ArchiveSource source(Workspace space, String moment) {
    Journal journal = space.journal();
    PastMoment when =
        moment.isEmpty()
            ? new PastMoment.Sequence(journal.history().latest())
            : PastFiles.moment(moment);
    List<Iteration> states =
        PastFiles.at(journal, when).values().stream()
            .sorted(Comparator.comparing(Iteration::path))
            .toList();
    states.forEach(state -> require(space.contents(), state));
    return new ArchiveSource(states, space.contents());
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
