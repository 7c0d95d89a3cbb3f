package dev.concert.chronicle.fuse;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.concert.chronicle.posix.DeviceCalls;
import dev.concert.chronicle.posix.Errno;
import java.lang.foreign.MemorySegment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer to a request: {@code struct fuse_out_header} and a body. One for each thread, which
 * makes one answer after the other of it.
 */
final class Reply {
  private static final Logger LOG = LoggerFactory.getLogger(Reply.class);
  private static final int HEADER = 16;

  private final MemorySegment memory;
  private final MemorySegment body;
  private int device;
  private Runnable undoing = () -> {};

  /**
   * @param memory large enough for the largest answer and its header
   */
  Reply(MemorySegment memory) {
    this.memory = memory;
    this.body = memory.asSlice(HEADER);
  }

  /** From now on it goes to this device. */
  Reply to(int mounted) {
    device = mounted;
    return this;
  }

  /** What is to be filled; has whatever was in it before. */
  MemorySegment body() {
    return body;
  }

  /** What has to happen when the process that asked is gone, so that nobody gets this answer. */
  void otherwise(Runnable undo) {
    undoing = undo;
  }

  /**
   * Sends it.
   *
   * @param result a negative errno, or how many bytes of the body there are
   */
  void send(long unique, int result) {
    int length = HEADER + Math.max(0, result);
    memory.set(JAVA_INT, 0, length);
    memory.set(JAVA_INT, 4, Math.min(0, result));
    memory.set(JAVA_LONG, 8, unique);
    Runnable undo = undoing;
    undoing = () -> {};
    int sent = DeviceCalls.write(device, memory, length);
    if (sent == -Errno.ENOENT) {
      if (result >= 0) {
        undo.run();
      }
    } else if (sent < 0 && sent != -Errno.ENODEV) {
      LOG.error("The kernel refuses an answer with errno {}", -sent);
    }
  }
}
