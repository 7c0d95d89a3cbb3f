package dev.concert.chronicle.tree;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The open files of a tree by their handles. A handle is never used twice. Thread-safe. */
final class OpenFiles {
  private final Map<Long, OpenFile> files = new ConcurrentHashMap<>();
  private final AtomicLong next = new AtomicLong();

  long add(OpenFile file) {
    long handle = next.incrementAndGet();
    files.put(handle, file);
    return handle;
  }

  OpenFile get(long handle) {
    OpenFile file = files.get(handle);
    if (file == null) {
      throw new PosixException(Errno.EBADF, "handle");
    }
    return file;
  }

  int close(long handle) {
    OpenFile file = files.remove(handle);
    return file == null ? -Errno.EBADF : file.close();
  }

  void renamed(String from, String to) {
    files.values().forEach(file -> file.renamed(from, to));
  }

  /** Those that are open now. */
  List<OpenFile> all() {
    return List.copyOf(files.values());
  }

  void closeAll() {
    files.keySet().forEach(this::close);
  }
}
