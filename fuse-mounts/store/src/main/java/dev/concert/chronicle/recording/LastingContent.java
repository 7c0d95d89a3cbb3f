package dev.concert.chronicle.recording;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.posix.FileStatus;

/** Content of an open file, which can be kept readable after the file was closed. */
public interface LastingContent extends Content {
  /** The same by a descriptor of its own. */
  Kept keep();

  /** What the file looks like now. */
  FileStatus status();

  /** Has to be closed. */
  interface Kept extends Content, AutoCloseable {
    @Override
    void close();
  }
}
