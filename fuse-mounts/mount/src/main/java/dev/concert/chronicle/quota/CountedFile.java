package dev.concert.chronicle.quota;

/**
 * A file that is open: its room is freed when it has neither names nor openers any more. Guarded by
 * itself.
 */
final class CountedFile {
  private final long inode;
  private long bytes;
  private int openers;
  private boolean unlinked;

  /**
   * @param bytes that it takes now, which are counted already
   */
  CountedFile(long inode, long bytes) {
    this.inode = inode;
    this.bytes = bytes;
  }

  long inode() {
    return inode;
  }

  synchronized void open() {
    openers++;
  }

  /** Returns whether that was the last opener. */
  synchronized boolean close() {
    return --openers == 0;
  }

  synchronized void unlink() {
    unlinked = true;
  }

  synchronized boolean isUnlinked() {
    return unlinked;
  }

  synchronized long bytes() {
    return bytes;
  }

  /** Notes what it takes now; returns by how much that is more. */
  synchronized long settle(long now) {
    long more = now - bytes;
    bytes = now;
    return more;
  }
}
