package dev.concert.chronicle.magic;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The magic files that are open, by handles that no real file has. Thread-safe. */
final class MagicHandles {
  private static final long FIRST = 1L << 62;

  private final ContentStore contents;
  private final AtomicLong next = new AtomicLong(FIRST);
  private final Map<Long, Opened> open = new ConcurrentHashMap<>();

  /** What was found at a path when it was opened. */
  record Opened(String path, Node node) {}

  MagicHandles(ContentStore contents) {
    this.contents = contents;
  }

  static boolean isMagic(long handle) {
    return handle >= FIRST;
  }

  long add(String path, Node node) {
    long handle = next.getAndIncrement();
    open.put(handle, new Opened(path, node));
    return handle;
  }

  Opened get(long handle) {
    Opened file = open.get(handle);
    if (file == null) {
      throw new PosixException(Errno.EBADF, "magic handle");
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

  byte[] bytes(Node file, long offset, int length) {
    return switch (file) {
      case Node.Text text -> {
        int from = (int) Math.min(offset, text.bytes().length);
        int to = Math.min(text.bytes().length, from + length);
        yield Arrays.copyOfRange(text.bytes(), from, to);
      }
      case Node.Version version ->
          contents
              .read(version.iteration().hash(), offset, length)
              .orElseThrow(() -> new PosixException(Errno.EIO, "content that the store lacks"));
      case Node.Folder folder -> throw new PosixException(Errno.EISDIR, "read");
    };
  }
}
