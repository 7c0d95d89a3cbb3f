package dev.concert.chronicle.jnr;

import dev.concert.chronicle.tree.CallingProcess;
import dev.concert.chronicle.tree.FileSystem;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jnr.ffi.Pointer;
import jnr.ffi.Struct;
import ru.serce.jnrfuse.FuseStubFS;
import ru.serce.jnrfuse.struct.FuseContext;

/**
 * One run of libfuse's main function over a table of callbacks.
 *
 * <p>It calls that function itself instead of {@code AbstractFuseFS.mount}, which adds a shutdown
 * hook for each mount and never removes it, and which waits two seconds for each success unless it
 * blocks.
 */
final class LibfuseSession extends FuseStubFS {
  /** Offset of the flags in {@code struct fuse_operations} of libfuse 2.9, after 38 pointers. */
  private static final long FLAGS = 38L * Long.BYTES;

  private static final int NULL_PATH_OK = 1;
  private static final int UTIME_OMIT_OK = 1 << 2;

  private final CountDownLatch ready = new CountDownLatch(1);
  private final Callbacks callbacks;

  /**
   * Loads libfuse.
   *
   * @throws UnsatisfiedLinkError where it is not installed
   */
  LibfuseSession(FileSystem files) {
    callbacks = new Callbacks(files, this::caller);
    new NameCallbacks(files, callbacks).register(fuseOperations);
    new AttributeCallbacks(files, callbacks).register(fuseOperations);
    new ContentCallbacks(files, callbacks).register(fuseOperations);
    Struct.getMemory(fuseOperations).putInt(FLAGS, NULL_PATH_OK | UTIME_OMIT_OK);
  }

  /** libfuse keeps one context for each thread; it is valid during a callback. */
  private CallingProcess caller() {
    FuseContext context = getContext();
    return new Requester((int) context.uid.get(), (int) context.gid.get());
  }

  private record Requester(int user, int group) implements CallingProcess {}

  /** Called by libfuse when the kernel has accepted the mount. */
  @Override
  public Pointer init(Pointer connection) {
    ready.countDown();
    return null;
  }

  /**
   * Mounts and serves on this thread until the mount is gone.
   *
   * @return 0, or libfuse's exit code
   */
  int run(String... arguments) {
    return libFuse.fuse_main_real(
        arguments.length, arguments, fuseOperations, Struct.size(fuseOperations), null);
  }

  /** Waits until the mount is served; false if it is not after this time. */
  boolean awaitReady(long millis) throws InterruptedException {
    return ready.await(millis, TimeUnit.MILLISECONDS);
  }

  /** From now on every request fails with {@code ENODEV}. */
  void stop() {
    callbacks.stop();
  }

  /** Whether a request is being served. */
  boolean isBusy() {
    return callbacks.isBusy();
  }
}
