package dev.concert.chronicle.archive;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Iteration;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * What an archive has: states of files and symlinks, and where their contents are.
 *
 * @param states by path, none of them a deletion
 * @param excluded how many files of the workspace are left out, because they are excluded from
 *     versioning and so not known as they were
 */
public record ArchiveSource(List<Iteration> states, int excluded, ContentStore contents) {
  public ArchiveSource {
    states = List.copyOf(states);
  }

  /** The content of one of the states; checked as it is read. */
  InputStream open(Iteration state) throws IOException {
    return contents
        .open(state.hash())
        .orElseThrow(() -> new FileNotFoundException("Content of " + state.path()));
  }
}
