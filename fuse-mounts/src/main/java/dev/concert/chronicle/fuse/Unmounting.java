package dev.concert.chronicle.fuse;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.MountCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes mounts away: at once where nobody uses them, else out of sight so that they end with their
 * last user. Root asks the kernel; others need {@code fusermount}.
 */
final class Unmounting {
  private static final Logger LOG = LoggerFactory.getLogger(Unmounting.class);
  private static final long FUSERMOUNT_SECONDS = 10;

  private Unmounting() {}

  static boolean isRoot() {
    return MountCalls.isRoot();
  }

  static boolean isMounted(Path mountPoint) {
    return MountTable.below(mountPoint).contains(mountPoint);
  }

  /**
   * Answers whether the mount is gone, rather than only out of sight. Does not read the list of
   * mounts where it can do without: on a host with a thousand of them that is most of the work.
   */
  static boolean unmount(Path mountPoint) {
    if (attempt(mountPoint, false) || !isMounted(mountPoint)) {
      return true;
    }
    detach(mountPoint);
    return false;
  }

  /** Without asking whether somebody uses it. */
  static void detach(Path mountPoint) {
    if (!attempt(mountPoint, true) && isMounted(mountPoint)) {
      LOG.error("Cannot unmount {}", mountPoint);
    }
  }

  private static boolean attempt(Path mountPoint, boolean lazily) {
    int result = MountCalls.unmount(mountPoint, lazily);
    return result == -Errno.EPERM ? fusermount(mountPoint, lazily) : result == 0;
  }

  private static boolean fusermount(Path mountPoint, boolean lazily) {
    List<String> command =
        new ArrayList<>(List.of(Fusermount.find().map(Path::toString).orElse("fusermount3"), "-u"));
    if (lazily) {
      command.add("-z");
    }
    command.add("--");
    command.add(mountPoint.toString());
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(FUSERMOUNT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      LOG.error("Cannot run fusermount for {}", mountPoint, e);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
