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
 */
public record ArchiveSource(List<Iteration> states, ContentStore contents) {
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
