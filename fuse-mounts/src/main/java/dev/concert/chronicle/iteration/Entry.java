package dev.concert.chronicle.iteration;

import dev.concert.chronicle.content.Blob;

/** What happened in the tree, to be entered into the journal. Paths are relative to the root. */
public sealed interface Entry {

  /** The path has this content now. Enters nothing where the journal knows that already. */
  record Written(String path, Kind kind, int mode, Blob blob, Signature signature)
      implements Entry {}

  /**
   * The path has content that will be kept: it is looked at later and does not change before. What
   * is promised is durable and no iteration yet, so nobody sees it.
   */
  record Promised(String path, int mode, Signature signature) implements Entry {}

  /**
   * The promised content is in the store. Becomes an iteration of the time of the promise; enters
   * nothing where the content is what it was before, or where nothing was promised.
   */
  record Kept(String path, Blob blob) implements Entry {}

  /** There is nothing any more that the promise could be kept with. */
  record Withdrawn(String path) implements Entry {}

  /** The path has other permissions, and an iteration for them where it has any. */
  record ModeChanged(String path, int mode) implements Entry {}

  /** The path is gone. Enters nothing where the journal did not know it. */
  record Removed(String path) implements Entry {}

  /** A file, or a folder with all that is below it, has another name now. */
  record Renamed(String from, String to) implements Entry {}
}
