package dev.concert.chronicle.fuse;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mounts whose process was killed: everything below them fails with "Transport endpoint is not
 * connected" until they are taken away. Beside each mount point lies a note of who serves it.
 */
public final class StaleMounts {
  private static final Logger LOG = LoggerFactory.getLogger(StaleMounts.class);
  private static final String NOTE = "served-by";

  private StaleMounts() {}

  /** Writes down that this process serves the mount. */
  public static void note(Path mountPoint) {
    try {
      Files.writeString(mountPoint.resolveSibling(NOTE), identity(ProcessHandle.current()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot note who serves " + mountPoint, e);
    }
  }

  /**
   * Takes away every mount at or below a folder whose process is gone.
   *
   * @param folder real path
   */
  public static void clear(Path folder) {
    for (Path mountPoint : MountTable.below(folder)) {
      if (!isServed(mountPoint)) {
        LOG.warn("Clearing {}, a mount that its process left behind", mountPoint);
        Unmounting.detach(mountPoint);
      }
    }
  }

  /**
   * Sees to it that nothing is mounted at a place that is going to be used.
   *
   * @throws ConcertException when another process that is alive serves it
   */
  public static void makeRoom(Path mountPoint) {
    clear(mountPoint);
    if (Unmounting.isMounted(mountPoint)) {
      throw new ConcertException(
          ErrorCode.INTERNAL, "Another process of this host serves the workspace.");
    }
  }

  private static boolean isServed(Path mountPoint) {
    try {
      String note = Files.readString(mountPoint.resolveSibling(NOTE));
      long pid = Long.parseLong(note.substring(0, note.indexOf(' ')));
      return ProcessHandle.of(pid).filter(process -> identity(process).equals(note)).isPresent();
    } catch (NoSuchFileException | NumberFormatException | StringIndexOutOfBoundsException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot see who serves " + mountPoint, e);
    }
  }

  /** Process ids are used again, so the start time belongs to it. */
  private static String identity(ProcessHandle process) {
    return process.pid() + " " + process.info().startInstant().map(Instant::toString).orElse("");
  }
}
