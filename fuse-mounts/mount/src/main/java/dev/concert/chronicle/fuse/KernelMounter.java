package dev.concert.chronicle.fuse;

import dev.concert.chronicle.binding.Fusermount;
import dev.concert.chronicle.binding.MountTable;
import dev.concert.chronicle.binding.Unmounter;
import dev.concert.chronicle.fuse.request.InitRequest;
import dev.concert.chronicle.posix.DeviceCalls;
import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.posix.MountCalls;
import dev.concert.chronicle.posix.OpenCalls;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.nio.file.Path;

/** Mounts: root by the system call, other users by {@code fusermount}. */
final class KernelMounter {
  private static final Path DEVICE = Path.of("/dev/fuse");
  private static final String COMMON = "default_permissions,max_read=" + InitRequest.MAX_TRANSFER;

  private KernelMounter() {}

  /**
   * Mounts and returns the descriptor that the mount is served by. Reading from it does not block.
   *
   * @throws ConcertException when it is refused
   */
  static int mount(Path mountPoint) {
    int device = Unmounter.isRoot() ? asRoot(mountPoint) : asUser(mountPoint);
    DeviceCalls.neverWait(device);
    return device;
  }

  /** Other users may not be let in without a line in /etc/fuse.conf. */
  static int asUser(Path mountPoint) {
    return Fusermount.mount(
        mountPoint,
        "fsname=%s,subtype=%s,%s".formatted(MountTable.SOURCE, MountTable.SUBTYPE, COMMON));
  }

  private static int asRoot(Path mountPoint) {
    int device = OpenCalls.open(DEVICE, OpenFlags.READ_WRITE);
    if (device < 0) {
      throw refused(DEVICE + " cannot be opened", -device);
    }
    // The kernel asks for the mode and owner of the root before it shows them.
    String options = "fd=" + device + ",rootmode=40000,user_id=0,group_id=0,allow_other," + COMMON;
    int result = MountCalls.mount(MountTable.SOURCE, mountPoint, MountTable.TYPE, options);
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
