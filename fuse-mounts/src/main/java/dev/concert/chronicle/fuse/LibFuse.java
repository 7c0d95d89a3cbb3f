package dev.concert.chronicle.fuse;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The functions of libfuse 2.9 that serve a mount. Loading this class needs the library. */
final class LibFuse {
  static final String LIBRARY = "libfuse.so.2";

  private static final Linker LINKER = Linker.nativeLinker();
  private static final FuseSymbols SYMBOLS = new FuseSymbols(LIBRARY);
  private static final MethodHandle MOUNT = bind("fuse_mount", ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle NEW =
      LINKER.downcallHandle(
          SYMBOLS.find("fuse_new", "FUSE_2.6"),
          FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
  private static final MethodHandle SESSION = bind("fuse_get_session", ADDRESS, ADDRESS);
  private static final MethodHandle BUFFER_SIZE = bind("fuse_chan_bufsize", JAVA_LONG, ADDRESS);
  private static final MethodHandle RECEIVE =
      bind("fuse_session_receive_buf", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle PROCESS =
      bindVoid("fuse_session_process_buf", ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle UNMOUNT = bindVoid("fuse_unmount", ADDRESS, ADDRESS);
  private static final MethodHandle DESTROY = bindVoid("fuse_destroy", ADDRESS);
  private static final MethodHandle CONTEXT = bind("fuse_get_context", ADDRESS);

  private LibFuse() {}

  private static MethodHandle bind(String name, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(SYMBOLS.find(name), FunctionDescriptor.of(result, arguments));
  }

  private static MethodHandle bindVoid(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(SYMBOLS.find(name), FunctionDescriptor.ofVoid(arguments));
  }

  /** Mounts; answers with the channel, whose address is 0 where that failed. */
  static MemorySegment mount(MemorySegment mountPoint, MemorySegment arguments) {
    try {
      return (MemorySegment) MOUNT.invokeExact(mountPoint, arguments);
    } catch (Throwable failure) {
      throw unexpected(failure);
    }
  }

  /** Makes the filesystem behind a channel; its address is 0 where that failed. */
  static MemorySegment create(
      MemorySegment channel, MemorySegment arguments, MemorySegment operations, long size) {
    try {
      return (MemorySegment)
          NEW.invokeExact(channel, arguments, operations, size, MemorySegment.NULL);
    } catch (Throwable failure) {
      throw unexpected(failure);
    }
  }

  static MemorySegment session(MemorySegment fuse) {
    try {
      return (MemorySegment) SESSION.invokeExact(fuse);
    } catch (Throwable failure) {
      throw unexpected(failure);
    }
  }

  static long bufferSize(MemorySegment channel) {
    try {
      return (long) BUFFER_SIZE.invokeExact(channel);
    } catch (Throwable failure) {
      throw unexpected(failure);
    }
  }

  /** Waits for a request: more than 0 when there is one, 0 when the mount is gone, or an errno. */
  static int receive(MemorySegment session, MemorySegment buffer, MemorySegment channel) {
    try {
      return (int) RECEIVE.invokeExact(session, buffer, channel);
    } catch (Throwable failure) {
      throw unexpected(failure);
    }
  }

  /** Runs the callbacks of a request and answers the kernel. */
  static void process(MemorySegment session, MemorySegment buffer, MemorySegment channel) {
    try {
      PROCESS.invokeExact(session, buffer, channel);
    } catch (Throwable failure) {
      throw unexpected(failure);
    }
  }

  /** Unmounts and closes a channel that has no filesystem yet. */
  static void unmount(MemorySegment mountPoint, MemorySegment channel) {
    try {
      UNMOUNT.invokeExact(mountPoint, channel);
    } catch (Throwable failure) {
      throw unexpected(failure);
    }
  }

  /** Frees the filesystem, its session and its channel. */
  static void destroy(MemorySegment fuse) {
    try {
      DESTROY.invokeExact(fuse);
    } catch (Throwable failure) {
      throw unexpected(failure);
    }
  }

  /** The {@code struct fuse_context} of the callback that this thread is in. */
  static MemorySegment context() {
    try {
      return (MemorySegment) CONTEXT.invokeExact();
    } catch (Throwable failure) {
      throw unexpected(failure);
    }
  }

  private static IllegalStateException unexpected(Throwable failure) {
    return new IllegalStateException("A call of libfuse cannot throw this", failure);
  }
}
