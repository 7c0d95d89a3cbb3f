package dev.concert.chronicle.iteration;

import dev.concert.chronicle.content.Blob;

/** What happened in the tree, to be entered into the journal. Paths are relative to the root. */
public sealed interface Entry {

  /**
   * The path has this content now. Enters nothing where the journal knows that already.
   *
   * @param mode permission bits
   * @param shared whether the file has other names: those of them that are known have the content
   *     too
   */
  record Written(String path, Kind kind, int mode, boolean shared, Blob blob, Signature signature)
      implements Entry {
    public Written(String path, Kind kind, int mode, Blob blob, Signature signature) {
      this(path, kind, mode, false, blob, signature);
    }
  }

  /**
   * The path has content that is not kept.
   *
   * @param size bytes
   */
  record Skipped(String path, long size, SkipReason reason) implements Entry {}

  /**
   * The permissions are others now. Enters nothing where the path is not known yet.
   *
   * @param shared whether the file has other names, which have the permissions too
   */
  record ModeChanged(String path, int mode, boolean shared) implements Entry {}

  /** The path is gone. Enters nothing where the journal did not know it. */
  record Removed(String path) implements Entry {}

  /** A file, or a folder with all that is below it, has another name now. */
  record Renamed(String from, String to) implements Entry {}

  /** Two files, or folders with all that is below them, have each other's name now. */
  record Exchanged(String one, String other) implements Entry {}
}
