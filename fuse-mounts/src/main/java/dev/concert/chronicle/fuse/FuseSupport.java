package dev.concert.chronicle.fuse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether this host can mount. */
public final class FuseSupport {
  private FuseSupport() {}

  /** Why not; empty where it can. */
  public static Optional<String> missing() {
    return missing(Path.of("/dev/fuse"), Unmounting.isRoot() || Fusermount.find().isPresent());
  }

  static Optional<String> missing(Path device, boolean mayMount) {
    if (!"Linux".equals(System.getProperty("os.name"))) {
      return Optional.of("this is not Linux");
    }
    if (!Files.isReadable(device) || !Files.isWritable(device)) {
      return Optional.of(device + " cannot be opened");
    }
    return mayMount
        ? Optional.empty()
        : Optional.of("fusermount3 is not installed (Debian: apt-get install fuse3)");
  }
}
