package dev.concert.chronicle.jnr;

import dev.concert.chronicle.binding.MountBinding;
import dev.concert.chronicle.binding.MountSupport;
import dev.concert.chronicle.binding.MountedFileSystem;
import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.Optional;

/** Mounts by jnr-fuse over libfuse 2. */
public final class JnrFuseBinding implements MountBinding {
  /** The value in the configuration. */
  public static final String NAME = "jnr-fuse";

  private static final String LIBRARY = "libfuse.so.2";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> missing() {
    return missing(LIBRARY);
  }

  /** libfuse 2 looks for {@code fusermount}; libfuse 3 calls it {@code fusermount3}. */
  static Optional<String> missing(String library) {
    return MountSupport.missing("fusermount").or(() -> missingLibrary(library));
  }

  private static Optional<String> missingLibrary(String library) {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup.libraryLookup(library, arena);
      return Optional.empty();
    } catch (IllegalArgumentException notFound) {
      return Optional.of(library + " is not installed (Debian: apt-get install libfuse2)");
    }
  }

  @Override
  public MountedFileSystem mount(String id, Path mountPoint, FileSystem files) {
    MountSupport.preload(files);
    return JnrFuseMount.start(id, mountPoint, files);
  }

  /** Each mount has a thread of its own, which ends with the mount. */
  @Override
  public void close() {}
}
