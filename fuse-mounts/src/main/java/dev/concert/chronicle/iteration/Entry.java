package dev.concert.chronicle.iteration;

import dev.concert.chronicle.content.Blob;

/** What happened in the tree, to be entered into the journal. Paths are relative to the root. */
public sealed interface Entry {

  /** The path has this content now. Enters nothing where the journal knows that already. */
  record Written(String path, Kind kind, int mode, Blob blob, Signature signature)
      implements Entry {}

  /** The path is gone. Enters nothing where the journal did not know it. */
  record Removed(String path) implements Entry {}

  /** A file, or a folder with all that is below it, has another name now. */
  record Renamed(String from, String to) implements Entry {}
}
