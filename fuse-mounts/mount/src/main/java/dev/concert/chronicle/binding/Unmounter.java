package dev.concert.chronicle.binding;

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
 * Unmounts: at once if no process uses the mount, or else lazily, so that the mount ends with its
 * last user. Root uses the system call, other users {@code fusermount}.
 */
public final class Unmounter {
  private static final Logger LOG = LoggerFactory.getLogger(Unmounter.class);
  private static final long FUSERMOUNT_SECONDS = 10;

  private Unmounter() {}

  public static boolean isRoot() {
    return MountCalls.isRoot();
  }

  public static boolean isMounted(Path mountPoint) {
    return MountTable.below(mountPoint).contains(mountPoint);
  }

  /**
   * Returns whether the mount is gone, not only out of sight. Avoids reading the list of mounts: on
   * a host with a thousand mounts that is most of the work.
   */
  public static boolean unmount(Path mountPoint) {
    if (attempt(mountPoint, false) || !isMounted(mountPoint)) {
      return true;
    }
    detach(mountPoint);
    return false;
  }

  /** Unmounts lazily, whether or not a process uses the mount. */
  public static void detach(Path mountPoint) {
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
