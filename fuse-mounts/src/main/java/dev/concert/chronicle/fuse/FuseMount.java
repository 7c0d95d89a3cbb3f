package dev.concert.chronicle.fuse;

import dev.concert.chronicle.tree.FileSystem;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A filesystem that is mounted. The process that serves it never touches the mount point. */
public final class FuseMount {
  private static final Logger LOG = LoggerFactory.getLogger(FuseMount.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration BUSY_PATIENCE = Duration.ofSeconds(1);
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final Path mountPoint;
  private final Callbacks callbacks;
  private final RequestLoop loop;
  private final FileSystem files;
  private volatile boolean hidden;

  private FuseMount(Path mountPoint, Callbacks callbacks, RequestLoop loop, FileSystem files) {
    this.mountPoint = mountPoint;
    this.callbacks = callbacks;
    this.loop = loop;
    this.files = files;
  }

  /**
   * Mounts and serves. What is at the mount point before must be an empty folder.
   *
   * @param name for the threads and the log
   */
  public static FuseMount mount(String name, Path mountPoint, FileSystem files) {
    Callbacks callbacks = new Callbacks(files);
    preload(files);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = MountOptions.arguments(arena, Unmounting.isRoot());
      MemorySegment place = arena.allocateFrom(mountPoint.toString());
      MemorySegment channel = LibFuse.mount(place, arguments);
      if (channel.address() == 0) {
        throw failed("The workspace cannot be mounted: libfuse refused the mount.");
      }
      MemorySegment fuse =
          LibFuse.create(channel, arguments, callbacks.table(), callbacks.tableSize());
      if (fuse.address() == 0) {
        LibFuse.unmount(place, channel);
        throw failed("The workspace cannot be mounted: libfuse refused an option.");
      }
      MemorySegment session = LibFuse.session(fuse);
      RequestLoop loop = new RequestLoop(name, session, channel, () -> end(fuse, callbacks));
      loop.start();
      return new FuseMount(mountPoint, callbacks, loop, files);
    }
  }

  /** Holds the callbacks too: they must not be collected while libfuse may call them. */
  private static void end(MemorySegment fuse, Callbacks callbacks) {
    LibFuse.destroy(fuse);
    callbacks.stop();
  }

  private static ConcertException failed(String message) {
    return new ConcertException(ErrorCode.INTERNAL, message);
  }

  /** Classes that a callback needs are loaded before the first one can be asked for. */
  private static void preload(FileSystem files) {
    try (Arena arena = Arena.ofConfined()) {
      files.status("", arena.allocate(256, 8));
      files.fileSystemStatus(arena.allocate(256, 8));
      files.list("", (entry, inode, type) -> true);
    }
  }

  /** Takes the mount out of sight at once; whoever has files of it open goes on. */
  public void hide() {
    hidden = true;
    Unmounting.detach(mountPoint);
  }

  /**
   * Unmounts, waits for what is being served, and closes the filesystem. A mount that a process
   * still uses is taken out of sight; whatever that process asks afterwards is refused.
   */
  public void unmount() {
    try {
      boolean free = Unmounting.unmount(mountPoint) && !hidden;
      if (!loop.awaitGone(free ? PATIENCE : BUSY_PATIENCE)) {
        refuseTheRest();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      callbacks.stop();
      LOG.warn("Interrupted while {} was unmounted", mountPoint);
    }
    files.close();
  }

  private void refuseTheRest() throws InterruptedException {
    callbacks.stop();
    LOG.warn("A process still uses {}; it gets no more answers", mountPoint);
    long deadline = System.nanoTime() + DRAIN.toNanos();
    while (loop.isBusy() && System.nanoTime() < deadline) {
      if (loop.awaitGone(Duration.ofMillis(10))) {
        return;
      }
    }
  }
}
