package dev.concert.chronicle.tree;

/** A file that a process has open. Thread-safe. */
final class OpenFile {
  /** What has not been recorded yet. */
  enum Unrecorded {
    NOTHING,
    /**
     * It was made or emptied by opening it. A shell that redirects output closes a copy of the
     * descriptor before anything is written, so this alone is no reason to record at a close.
     */
    OPENING,
    CONTENT
  }

  private final int descriptor;
  private final boolean readable;
  private volatile Unrecorded unrecorded;

  /**
   * @param readable whether its content can be read back by the descriptor
   */
  OpenFile(int descriptor, boolean readable, Unrecorded unrecorded) {
    this.descriptor = descriptor;
    this.readable = readable;
    this.unrecorded = unrecorded;
  }

  int descriptor() {
    return descriptor;
  }

  boolean isReadable() {
    return readable;
  }

  Unrecorded unrecorded() {
    return unrecorded;
  }

  void changed() {
    if (unrecorded != Unrecorded.CONTENT) {
      unrecorded = Unrecorded.CONTENT;
    }
  }

  void recording() {
    unrecorded = Unrecorded.NOTHING;
  }
}
