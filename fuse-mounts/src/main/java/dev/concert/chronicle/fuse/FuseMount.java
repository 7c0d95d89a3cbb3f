package dev.concert.chronicle.fuse;

import dev.concert.chronicle.tree.FileSystem;
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
  private final Operations operations;
  private final ServedDevice device;
  private final FileSystem files;
  private volatile boolean hidden;

  private FuseMount(Path mountPoint, Operations operations, ServedDevice device, FileSystem files) {
    this.mountPoint = mountPoint;
    this.operations = operations;
    this.device = device;
    this.files = files;
  }

  /**
   * Mounts and serves. What is at the mount point before must be an empty folder.
   *
   * @param threads serve it
   * @param name for the log
   */
  public static FuseMount mount(
      RequestThreads threads, String name, Path mountPoint, FileSystem files) {
    Operations operations = new Operations(files);
    preload(files);
    ServedDevice device = threads.serve(name, Mounting.mount(mountPoint), operations);
    return new FuseMount(mountPoint, operations, device, files);
  }

  /** Classes that a request needs are loaded before the first one can be asked for. */
  private static void preload(FileSystem files) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(256, 8);
      files.status("", memory);
      files.fileSystemStatus(memory);
      long root = files.openDirectory("");
      files.readDirectory(root, 0, 1, (entry, inode, type, next) -> true);
      files.release(root);
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
      if (!device.awaitGone(free ? PATIENCE : BUSY_PATIENCE)) {
        refuseTheRest();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      operations.stop();
      LOG.warn("Interrupted while {} was unmounted", mountPoint);
    }
    files.close();
  }

  private void refuseTheRest() throws InterruptedException {
    operations.stop();
    LOG.warn("A process still uses {}; it gets no more answers", mountPoint);
    long deadline = System.nanoTime() + DRAIN.toNanos();
    while (device.isBusy() && System.nanoTime() < deadline) {
      if (device.awaitGone(Duration.ofMillis(10))) {
        return;
      }
    }
  }
}
