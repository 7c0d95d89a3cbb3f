package dev.concert.chronicle.tree;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.posix.PosixException;
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
    return file == null ? -Errno.EBADF : FileCalls.close(file.descriptor());
  }

  void closeAll() {
    files.keySet().forEach(this::close);
  }
}
