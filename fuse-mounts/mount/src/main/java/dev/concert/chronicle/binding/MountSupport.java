package dev.concert.chronicle.binding;

import dev.concert.chronicle.posix.StatBuffer;
import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What every binding needs of the host and of the filesystem. */
public final class MountSupport {
  private static final Path DEVICE = Path.of("/dev/fuse");

  /** {@code struct statvfs} has fewer bytes. */
  private static final long ENOUGH = Math.max(256, StatBuffer.SIZE_OF);

  private MountSupport() {}

  /**
   * Why this host cannot mount; empty if it can.
   *
   * @param programs names of the program that mounts for users other than root, the first one that
   *     is installed is used
   */
  public static Optional<String> missing(String... programs) {
    return missing(
        DEVICE, Unmounter.isRoot() || Fusermount.find(programs).isPresent(), programs[0]);
  }

  static Optional<String> missing(Path device, boolean mayMount, String program) {
    if (!"Linux".equals(System.getProperty("os.name"))) {
      return Optional.of("this is not Linux");
    }
    if (!Files.isReadable(device) || !Files.isWritable(device)) {
      return Optional.of(device + " cannot be opened");
    }
    return mayMount
        ? Optional.empty()
        : Optional.of(program + " is not installed (Debian: apt-get install fuse3)");
  }

  /**
   * Calls what the kernel asks first, so that the classes are loaded before the mount is there. A
   * class that had to be loaded from below the mount while a request waits for it would never be.
   */
  public static void preload(FileSystem files) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(ENOUGH, 8);
      files.status("", memory);
      files.fileSystemStatus(memory);
      long root = files.openDirectory("");
      files.readDirectory(root, 0, 1, (entry, inode, type, next) -> true);
      files.release(root);
    }
  }
}
