package dev.concert.chronicle.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** System calls on mounts. Thread-safe. */
public final class MountCalls {
  private static final int DETACH = 2;
  private static final MethodHandle UMOUNT2 = LibC.bind("umount2", JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle MOUNT =
      LibC.bind("mount", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
  private static final MethodHandle GETEUID = LibC.bind("geteuid", JAVA_INT);

  private static final long NO_SET_USER_ID = 2;
  private static final long NO_DEVICES = 4;

  private MountCalls() {}

  /**
   * Mounts, without devices and set-user-id programs; see {@code mount(2)}.
   *
   * @param source what the list of mounts calls it
   * @param options what the kind of filesystem asks for
   */
  public static int mount(String source, Path mountPoint, String type, String options) {
    CallMemory scratch = CallMemory.current();
    try (Arena arena = Arena.ofConfined()) {
      return scratch.result(
          (int)
              MOUNT.invokeExact(
                  scratch.state,
                  arena.allocateFrom(source),
                  scratch.first(mountPoint.toString()),
                  arena.allocateFrom(type),
                  NO_SET_USER_ID | NO_DEVICES,
                  arena.allocateFrom(options)));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  /**
   * @param lazily take it out of sight even while it is used
   */
  public static int unmount(Path mountPoint, boolean lazily) {
    CallMemory scratch = CallMemory.current();
    try {
      return scratch.result(
          (int)
              UMOUNT2.invokeExact(
                  scratch.state, scratch.first(mountPoint.toString()), lazily ? DETACH : 0));
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }

  public static boolean isRoot() {
    CallMemory scratch = CallMemory.current();
    try {
      return (int) GETEUID.invokeExact(scratch.state) == 0;
    } catch (Throwable failure) {
      throw LibC.unexpected(failure);
    }
  }
}
