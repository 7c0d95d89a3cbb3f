package dev.concert.chronicle.tree;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The open files of a tree by their handles. A handle is never used twice. Thread-safe. */
final class OpenFiles {
  private final Map<Long, OpenFile> files = new ConcurrentHashMap<>();
  private final Map<Long, OpenFile> writable = new ConcurrentHashMap<>();
  private final AtomicLong next = new AtomicLong();

  long add(OpenFile file, boolean writes) {
    long handle = next.incrementAndGet();
    files.put(handle, file);
    if (writes) {
      writable.put(handle, file);
    }
    return handle;
  }

  OpenFile get(long handle) {
    OpenFile file = files.get(handle);
    if (file == null) {
      throw new PosixException(Errno.EBADF, "handle");
    }
    return file;
  }

  /** The files that are open for writing. */
  Collection<OpenFile> writable() {
    return writable.values();
  }

  /** The path {@code from} and what is below it moved to {@code to} and replaced what was there. */
  void renamed(String from, String to) {
    for (OpenFile file : writable.values()) {
      String path = file.path();
      if (path.equals(to)) {
        file.path("");
      } else if (isAtOrBelow(path, from)) {
        file.path(to + path.substring(from.length()));
      }
    }
  }

  /** Two paths and what is below them were exchanged. */
  void exchanged(String one, String other) {
    for (OpenFile file : writable.values()) {
      String path = file.path();
      if (isAtOrBelow(path, one)) {
        file.path(other + path.substring(one.length()));
      } else if (isAtOrBelow(path, other)) {
        file.path(one + path.substring(other.length()));
      }
    }
  }

  private static boolean isAtOrBelow(String path, String folder) {
    return path.equals(folder) || path.startsWith(folder + "/");
  }

  void removed(String path) {
    for (OpenFile file : writable.values()) {
      if (file.path().equals(path)) {
        file.path("");
      }
    }
  }

  /**
   * A path was truncated. The kernel sends an open with truncation as two requests, so this belongs
   * to an open file that is not used yet; it is recorded with what is written next.
   *
   * @return whether such a file is still open
   */
  boolean emptiedByOpening(String path) {
    for (OpenFile file : writable.values()) {
      if (file.isUntouched() && file.path().equals(path)) {
        file.opened();
        // The close checks once more after this.
        return writable.containsValue(file);
      }
    }
    return false;
  }

  /** Whether a process has the file open so that it may write it by a mapping. */
  boolean isMappable(long inode) {
    return writable.values().stream().anyMatch(file -> file.isMappable(inode));
  }

  int close(long handle) {
    writable.remove(handle);
    OpenFile file = files.remove(handle);
    return file == null ? -Errno.EBADF : file.close();
  }

  void closeAll() {
    files.keySet().forEach(this::close);
  }
}
