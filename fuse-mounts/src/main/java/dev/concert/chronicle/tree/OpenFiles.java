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

  /** Those whose content may change. */
  Collection<OpenFile> writable() {
    return writable.values();
  }

  /** What was at {@code to} is gone; what is at or below {@code from} is there now. */
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

  /** What is at or below each of two paths is at the other one now. */
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
   * A path was emptied. To the kernel opening a file and emptying it thereby are two requests, so
   * this belongs to an open file by which nothing was done yet: it has to be recorded with what is
   * written next.
   *
   * @return whether there is one that is still open
   */
  boolean emptiedByOpening(String path) {
    for (OpenFile file : writable.values()) {
      if (file.isUntouched() && file.path().equals(path)) {
        file.opened();
        // Who closes it looks once more after this.
        return writable.containsValue(file);
      }
    }
    return false;
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
