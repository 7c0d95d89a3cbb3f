package dev.concert.chronicle.binding;

import dev.concert.chronicle.tree.FileSystem;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mount, its server and its filesystem: takes them down in order, whichever binding made them.
 */
public final class ServedMount implements MountedFileSystem {
  private static final Logger LOG = LoggerFactory.getLogger(ServedMount.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration DRAIN = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final Path mountPoint;
  private final FileSystem files;
  private final FileSystemServer server;
  private volatile boolean hidden;

  /**
   * @param files closed by {@link #unmount}
   */
  public ServedMount(Path mountPoint, FileSystem files, FileSystemServer server) {
    this.mountPoint = mountPoint;
    this.files = files;
    this.server = server;
  }

  @Override
  public void hide() {
    if (!hidden) {
      hidden = true;
      Unmounter.detach(mountPoint);
    }
  }

  @Override
  public void unmount() {
    try {
      boolean free = Unmounter.unmount(mountPoint) && !hidden;
      if (!server.awaitEnd(free ? TIMEOUT : BUSY_TIMEOUT)) {
        refuseTheRest();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.stop();
      LOG.warn("Interrupted while {} was unmounted", mountPoint);
    }
    files.close();
  }

  private void refuseTheRest() throws InterruptedException {
    server.stop();
    LOG.warn("A process still uses {}; its requests fail from now on", mountPoint);
    long deadline = System.nanoTime() + DRAIN.toNanos();
    while (server.isBusy() && System.nanoTime() < deadline) {
      if (server.awaitEnd(PAUSE)) {
        return;
      }
    }
    server.abort();
  }
}
