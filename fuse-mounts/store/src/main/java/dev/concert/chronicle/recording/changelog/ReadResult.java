package dev.concert.chronicle.recording.changelog;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.iteration.SkipReason;

/** What became of a promised content. */
public sealed interface ReadResult {
  /** It is in the store. */
  record Stored(Blob blob) implements ReadResult {}

  /** It was not read. */
  record Skipped(SkipReason reason) implements ReadResult {}
}
