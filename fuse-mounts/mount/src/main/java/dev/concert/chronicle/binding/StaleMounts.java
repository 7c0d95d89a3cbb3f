package dev.concert.chronicle.binding;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.files.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears mounts whose process was killed: everything below them fails with "Transport endpoint is
 * not connected". A file beside each mount point names the process that serves it.
 */
public final class StaleMounts {
  private static final Logger LOG = LoggerFactory.getLogger(StaleMounts.class);
  private static final String NOTE = "served-by";

  private StaleMounts() {}

  /** Notes that this process serves the mount. */
  public static void note(Path mountPoint) {
    try {
      PrivateFiles.write(
          mountPoint.resolveSibling(NOTE),
          identity(ProcessHandle.current()).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot note who serves " + mountPoint, e);
    }
  }

  /**
   * Unmounts every mount at or below a folder whose process is gone.
   *
   * @param folder real path
   */
  public static void clear(Path folder) {
    for (Path mountPoint : MountTable.below(folder)) {
      if (!isServed(mountPoint)) {
        LOG.warn("Clearing {}, a mount that its process left behind", mountPoint);
        Unmounter.detach(mountPoint);
      }
    }
  }

  /**
   * Clears a mount point before it is used.
   *
   * @throws ConcertException if another live process serves it
   */
  public static void makeRoom(Path mountPoint) {
    clear(mountPoint);
    if (Unmounter.isMounted(mountPoint)) {
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

  /** Process ids are reused, so the start time is part of it. */
  private static String identity(ProcessHandle process) {
    return process.pid() + " " + process.info().startInstant().map(Instant::toString).orElse("");
  }
}
