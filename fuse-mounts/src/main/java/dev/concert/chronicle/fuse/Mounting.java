package dev.concert.chronicle.fuse;

import dev.concert.chronicle.posix.DeviceCalls;
import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.posix.MountCalls;
import dev.concert.chronicle.posix.OpenCalls;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.nio.file.Path;

/** Makes mounts: root asks the kernel; others need {@code fusermount}. */
final class Mounting {
  /** In the kernel's list of mounts. */
  static final String TYPE = "fuse.chronicle";

  private static final Path DEVICE = Path.of("/dev/fuse");
  private static final String SOURCE = "concert";

  private Mounting() {}

  /**
   * Answers with the descriptor that the mount is served by; reading from it never waits.
   *
   * @throws ConcertException when it is refused
   */
  static int mount(Path mountPoint) {
    int device =
        Unmounting.isRoot() ? asRoot(mountPoint) : Fusermount.mount(mountPoint, SOURCE, TYPE);
    DeviceCalls.neverWait(device);
    return device;
  }

  private static int asRoot(Path mountPoint) {
    int device = OpenCalls.open(DEVICE, OpenFlags.READ_WRITE);
    if (device < 0) {
      throw refused("the device of FUSE cannot be opened", -device);
    }
    // The folder's own mode and owner come with the first look at it.
    String options =
        "fd="
            + device
            + ",rootmode=40000,user_id=0,group_id=0,default_permissions,allow_other,max_read="
            + Handshake.MAX_TRANSFER;
    int result = MountCalls.mount(SOURCE, mountPoint, TYPE, options);
    if (result < 0) {
      FileCalls.close(device);
      throw refused("the kernel refuses", -result);
    }
    return device;
  }

  private static ConcertException refused(String why, int errno) {
    return new ConcertException(
        ErrorCode.INTERNAL, "The workspace cannot be mounted: " + why + " (errno " + errno + ").");
  }
}
