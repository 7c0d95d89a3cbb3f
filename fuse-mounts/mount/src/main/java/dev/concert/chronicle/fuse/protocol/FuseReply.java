package dev.concert.chronicle.fuse.protocol;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.concert.chronicle.posix.DeviceCalls;
import dev.concert.chronicle.posix.Errno;
import java.lang.foreign.MemorySegment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer to a request: {@code struct fuse_out_header} and a body. Each thread has one and
 * reuses it.
 */
public final class FuseReply {
  private static final Logger LOG = LoggerFactory.getLogger(FuseReply.class);
  private static final int HEADER = 16;

  /** {@code FUSE_NOTIFY_INVAL_INODE}, with a {@code struct fuse_notify_inval_inode_out}. */
  private static final int INVALIDATE_INODE = 2;

  private static final int INVALIDATED = 24;

  private final MemorySegment memory;
  private final MemorySegment body;
  private int device;
  private Runnable undoing = () -> {};

  /**
   * @param memory large enough for the largest answer and its header
   */
  public FuseReply(MemorySegment memory) {
    this.memory = memory;
    this.body = memory.asSlice(HEADER);
  }

  /** Sets the device that the answer goes to. */
  public FuseReply to(int mounted) {
    device = mounted;
    return this;
  }

  /** The body to fill; it still holds old bytes. */
  public MemorySegment body() {
    return body;
  }

  /** Sets what to do if the calling process is gone and the kernel does not take the answer. */
  public void otherwise(Runnable undo) {
    undoing = undo;
  }

  /**
   * Has the kernel write what it has of a file in mapped pages, which arrives as requests before
   * this returns, and read the file anew.
   *
   * @return 0 or a negative errno
   */
  public int takeMappedPages(long node) {
    memory.set(JAVA_INT, 0, HEADER + INVALIDATED);
    memory.set(JAVA_INT, 4, INVALIDATE_INODE);
    memory.set(JAVA_LONG, 8, 0);
    body.set(JAVA_LONG, 0, node);
    body.set(JAVA_LONG, 8, 0);
    body.set(JAVA_LONG, 16, 0);
    return Math.min(0, DeviceCalls.write(device, memory, HEADER + INVALIDATED));
  }

  /**
   * Sends it.
   *
   * @param result a negative errno, or how many bytes of the body there are
   */
  public void send(long unique, int result) {
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
