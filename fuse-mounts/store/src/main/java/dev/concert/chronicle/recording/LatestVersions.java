package dev.concert.chronicle.recording;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.content.ChangedRanges;
import dev.concert.chronicle.posix.FileStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * The latest stored versions of the large files of a workspace, and what changed in the files
 * since: of the next version only that is read. Remembers the few that were recorded last.
 * Thread-safe.
 */
final class LatestVersions {
  private static final int MOST = 64;

  /**
   * A version of a file.
   *
   * @param file what it looked like when it was recorded
   */
  static final class Version {
    private final Blob blob;
    private final FileStatus file;
    private final ChangedRanges changed = new ChangedRanges();
    private volatile boolean tracked;

    private Version(Blob blob, FileStatus file) {
      this.blob = blob;
      this.file = file;
    }

    /** The number of an inode is used again when its file is gone. */
    private boolean isOf(FileStatus present) {
      return file.bornNanos() != 0
          && file.bornNanos() == present.bornNanos()
          && (tracked
              || file.size() == present.size() && file.modifiedNanos() == present.modifiedNanos());
    }

    Blob blob() {
      return blob;
    }

    ChangedRanges changed() {
      return changed;
    }
  }

  private final ConcurrentMap<Long, Version> byInode = new ConcurrentHashMap<>();
  private final Map<Long, Boolean> order = new LinkedHashMap<>(16, 0.75f, true);

  /** The version before the present one; empty where all of the file has to be read. */
  Optional<Version> of(FileStatus present) {
    return Optional.ofNullable(byInode.get(present.inode()))
        .filter(version -> version.isOf(present));
  }

  void stored(FileStatus file, Blob blob) {
    long inode = file.inode();
    synchronized (order) {
      byInode.put(inode, new Version(blob, file));
      order.put(inode, true);
      if (order.size() > MOST) {
        forget(order.keySet().iterator().next());
      }
    }
  }

  void forget(long inode) {
    if (!byInode.isEmpty()) {
      synchronized (order) {
        byInode.remove(inode);
        order.remove(inode);
      }
    }
  }

  /**
   * Bytes of a file are about to change.
   *
   * @param present what it looks like before; a file that something else changed, or another one
   *     with the same number, is read anew
   */
  void changing(long inode, long from, long to, Supplier<FileStatus> present) {
    Version version = byInode.isEmpty() ? null : byInode.get(inode);
    if (version == null) {
      return;
    }
    if (!version.tracked) {
      synchronized (version) {
        if (!version.tracked && !version.isOf(present.get())) {
          forget(inode);
          return;
        }
        version.changed.add(from, to);
        version.tracked = true;
      }
    }
    version.changed.add(from, to);
  }
}
