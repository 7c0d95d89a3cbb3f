package dev.concert.chronicle.localsync.folder;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Renames without replacing a file that another program creates at the same moment: {@code
 * renameat2} of Linux. Elsewhere, and on file systems that do not have it, they are unsupported.
 */
final class NoReplaceRename {
  private static final int CURRENT_FOLDER = -100;
  private static final int NO_REPLACE = 1;
  private static final int EXCHANGE = 2;
  private static final int EPERM = 1;
  private static final int ENOENT = 2;
  private static final int EACCES = 13;
  private static final int EFBIG = 27;
  private static final int ENOSPC = 28;
  private static final int EROFS = 30;
  private static final int ENAMETOOLONG = 36;
  private static final int EDQUOT = 122;
  private static final int EEXIST = 17;
  private static final int EINVAL = 22;
  private static final int ENOSYS = 38;
  private static final int ENOTSUP = 95;
  private static final long ERRNO =
      Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));
  private static final Optional<MethodHandle> RENAMEAT2 = find();

  enum Outcome {
    DONE,
    EXISTS,
    MISSING,
    UNSUPPORTED
  }

  private NoReplaceRename() {}

  private static Optional<MethodHandle> find() {
    if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux")) {
      return Optional.empty();
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("renameat2")
        .map(
            symbol ->
                linker.downcallHandle(
                    symbol,
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT),
                    Linker.Option.captureCallState("errno")));
  }

  /** Gives a file another name, if nothing has that. */
  static Outcome withoutReplacing(Path from, Path to) throws IOException {
    return rename(from, to, NO_REPLACE);
  }

  /** Two files get each other's name at once. */
  static Outcome exchange(Path one, Path other) throws IOException {
    return rename(one, other, EXCHANGE);
  }

  private static Outcome rename(Path from, Path to, int flags) throws IOException {
    if (RENAMEAT2.isEmpty()) {
      return Outcome.UNSUPPORTED;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      MemorySegment source = arena.allocateFrom(from.toString());
      MemorySegment target = arena.allocateFrom(to.toString());
      int result =
          (int)
              RENAMEAT2
                  .get()
                  .invokeExact(state, CURRENT_FOLDER, source, CURRENT_FOLDER, target, flags);
      return result == 0 ? Outcome.DONE : failed(state.get(JAVA_INT, ERRNO), to);
    } catch (IOException | RuntimeException | Error known) {
      throw known;
    } catch (Throwable failure) {
      throw new IllegalStateException("A system call cannot throw this", failure);
    }
  }

  private static String reason(int errno) {
    return switch (errno) {
      case EPERM -> "Operation not permitted";
      case EACCES -> "Permission denied";
      case EFBIG -> "File too large";
      case ENOSPC -> "No space left on device";
      case EROFS -> "Read-only file system";
      case ENAMETOOLONG -> "File name too long";
      case EDQUOT -> "Disk quota exceeded";
      default -> "error " + errno;
    };
  }

  private static Outcome failed(int errno, Path to) throws IOException {
    return switch (errno) {
      case EEXIST -> Outcome.EXISTS;
      case ENOENT -> Outcome.MISSING;
      case EINVAL, ENOSYS, ENOTSUP -> Outcome.UNSUPPORTED;
      default -> throw new FileSystemException(to.toString(), null, reason(errno));
    };
  }
}
