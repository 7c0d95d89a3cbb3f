package dev.concert.chronicle.fuse;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether this host can mount. */
public final class FuseSupport {
  private FuseSupport() {}

  /** Why not; empty where it can. */
  public static Optional<String> missing() {
    return missing(LibFuse.LIBRARY, Path.of("/dev/fuse"));
  }

  static Optional<String> missing(String library, Path device) {
    if (!"Linux".equals(System.getProperty("os.name"))) {
      return Optional.of("this is not Linux");
    }
    if (!Files.isReadable(device) || !Files.isWritable(device)) {
      return Optional.of(device + " cannot be opened");
    }
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup.libraryLookup(library, arena);
      return Optional.empty();
    } catch (IllegalArgumentException notFound) {
      return Optional.of(library + " is not installed (Debian: apt-get install libfuse2 fuse)");
    }
  }
}
