package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** System calls on mounts. Thread-safe. */
public final class MountCalls {
  private static final int DETACH = 2;
  private static final MethodHandle UMOUNT2 = Native.bind("umount2", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle GETEUID = Native.bind("geteuid", JAVA_INT);

  private MountCalls() {}

  /**
   * @param lazily take it out of sight even while it is used
   */
  public static int unmount(Path mountPoint, boolean lazily) {
    Scratch scratch = Scratch.current();
    try {
      return scratch.result(
          (int)
              UMOUNT2.invokeExact(
                  scratch.state, scratch.first(mountPoint.toString()), lazily ? DETACH : 0));
    } catch (Throwable failure) {
      throw Native.unexpected(failure);
    }
  }

  public static boolean isRoot() {
    Scratch scratch = Scratch.current();
    try {
      return (int) GETEUID.invokeExact(scratch.state) == 0;
    } catch (Throwable failure) {
      throw Native.unexpected(failure);
    }
  }
}
