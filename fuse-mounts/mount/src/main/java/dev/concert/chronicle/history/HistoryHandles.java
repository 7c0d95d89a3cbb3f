package dev.concert.chronicle.history;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The open files of the history, by handles that no real file has. Thread-safe. */
final class HistoryHandles {
  private static final long FIRST = 1L << 62;

  private final ContentStore contents;
  private final AtomicLong next = new AtomicLong(FIRST);
  private final Map<Long, Opened> open = new ConcurrentHashMap<>();

  /** What was found at a path when it was opened. */
  record Opened(String path, HistoryNode node) {}

  HistoryHandles(ContentStore contents) {
    this.contents = contents;
  }

  static boolean isHistory(long handle) {
    return handle >= FIRST;
  }

  long add(String path, HistoryNode node) {
    long handle = next.getAndIncrement();
    open.put(handle, new Opened(path, node));
    return handle;
  }

  Opened get(long handle) {
    Opened file = open.get(handle);
    if (file == null) {
      throw new PosixException(Errno.EBADF, "handle of the history");
    }
    return file;
  }

  void close(long handle) {
    open.remove(handle);
  }

  int read(long handle, MemorySegment into, long size, long offset) {
    byte[] bytes = bytes(get(handle).node(), offset, (int) Math.min(size, Integer.MAX_VALUE));
    MemorySegment.copy(bytes, 0, into.reinterpret(size), ValueLayout.JAVA_BYTE, 0, bytes.length);
    return bytes.length;
  }

  byte[] bytes(HistoryNode file, long offset, int length) {
    return switch (file) {
      case HistoryNode.Text text -> {
        int from = (int) Math.min(offset, text.bytes().length);
        int to = Math.min(text.bytes().length, from + length);
        yield Arrays.copyOfRange(text.bytes(), from, to);
      }
      case HistoryNode.Version version ->
          contents
              .read(version.iteration().hash(), offset, length)
              .orElseThrow(() -> new PosixException(Errno.EIO, "content that the store lacks"));
      case HistoryNode.Folder folder -> throw new PosixException(Errno.EISDIR, "read");
    };
  }
}
