package dev.concert.chronicle.jnr;

import dev.concert.chronicle.binding.FailureErrno;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.tree.CallingProcess;
import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import jnr.ffi.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all callbacks of a mount share: paths, the calling process, and the rule that every callback
 * returns an errno. An exception that left a callback would reach the process as success.
 * Thread-safe.
 */
final class Callbacks {
  private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);
  private static final char UNDECODABLE = '\uFFFD';

  private final HiddenFiles hidden;
  private final Supplier<CallingProcess> caller;
  private final AtomicInteger running = new AtomicInteger();
  private volatile boolean stopped;

  /**
   * @param caller the process whose request this thread serves
   */
  Callbacks(FileSystem files, Supplier<CallingProcess> caller) {
    this.hidden = new HiddenFiles(files);
    this.caller = caller;
  }

  HiddenFiles hidden() {
    return hidden;
  }

  CallingProcess caller() {
    return caller.get();
  }

  /** From now on every request fails with {@code ENODEV}. */
  void stop() {
    stopped = true;
  }

  boolean isBusy() {
    return running.get() > 0;
  }

  /** Runs a callback and returns 0 or more, or a negative errno. Never throws. */
  int answer(String operation, IntSupplier call) {
    if (stopped) {
      return -Errno.ENODEV;
    }
    running.incrementAndGet();
    try {
      return call.getAsInt();
    } catch (PosixException refused) {
      return -refused.errno();
    } catch (Throwable failure) {
      LOG.error("Filesystem operation {} failed", operation, failure);
      return -FailureErrno.of(failure);
    } finally {
      running.decrementAndGet();
    }
  }

  /** The path below the root: libfuse's begins with a slash. */
  static String path(String path) {
    if (path.indexOf(UNDECODABLE) >= 0) {
      throw new PosixException(Errno.EILSEQ, "name that is not UTF-8");
    }
    return path.substring(1);
  }

  /** Native memory that is valid during the callback. */
  static MemorySegment memory(Pointer pointer, long size) {
    return MemorySegment.ofAddress(pointer.address()).reinterpret(size);
  }
}
