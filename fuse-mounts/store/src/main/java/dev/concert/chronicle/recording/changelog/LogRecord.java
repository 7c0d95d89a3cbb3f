package dev.concert.chronicle.recording.changelog;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.iteration.SkipReason;

/** What the change log holds. */
public sealed interface LogRecord {
  /** New content, all of it in the record. */
  record Written(FileState file, byte[] content) implements LogRecord {}

  /** New content that is in the store already. */
  record Stored(FileState file, Blob blob) implements LogRecord {}

  /** New content that has still to be read from the file. */
  record Promised(FileState file) implements LogRecord {}

  /**
   * What was promised has been read and is in the store.
   *
   * @param promise number of the record that promised it
   */
  record Captured(long promise, Blob blob) implements LogRecord {}

  /** What was promised is not read: its file was changed before. */
  record GivenUp(long promise, SkipReason reason) implements LogRecord {}

  /** The file has new content, which is not kept. */
  record Skipped(FileState file, SkipReason reason) implements LogRecord {}

  record ModeChanged(String path, int mode, boolean shared) implements LogRecord {}

  record Removed(String path) implements LogRecord {}

  record Renamed(String from, String to) implements LogRecord {}

  record Exchanged(String one, String other) implements LogRecord {}

  /**
   * A record in its place.
   *
   * @param number counts the records of the workspace from 1, over all its life
   * @param time Unix milliseconds
   */
  record Numbered(long number, long time, LogRecord what) {}
}
