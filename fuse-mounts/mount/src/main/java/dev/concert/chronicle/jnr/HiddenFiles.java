package dev.concert.chronicle.jnr;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.tree.FileRef;
import dev.concert.chronicle.tree.FileSystem;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Files that were unlinked while they are open.
 *
 * <p>libfuse 2 names files by paths only, so it renames such a file to {@code .fuse_hidden} with 16
 * hexadecimal digits and removes that name when the last process closes the file. Such a name never
 * reaches the tree: the file is unlinked at once and kept by a handle, and what libfuse asks about
 * the name goes to the handle. So neither listings nor the history show it, and the folder can be
 * removed. Thread-safe.
 */
final class HiddenFiles {
  private static final Pattern NAME = Pattern.compile("\\.fuse_hidden[0-9a-f]{16}");

  private final FileSystem files;
  private final Map<String, Long> handles = new ConcurrentHashMap<>();

  HiddenFiles(FileSystem files) {
    this.files = files;
  }

  /** Whether a path ends in a name that libfuse gives to files that are unlinked while open. */
  static boolean isHidden(String path) {
    return NAME.matcher(name(path)).matches();
  }

  /** The folder's part of the path changes when the folder is renamed; the name stays unique. */
  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Unlinks a file that libfuse wants to hide. Returns 0 or a negative errno. */
  int hide(String from, String hiddenPath) {
    long handle = keep(from);
    if (handle < 0) {
      return (int) handle;
    }
    int result = -Errno.EIO;
    try {
      result = files.unlink(from);
    } finally {
      if (result != 0) {
        files.release(handle);
      }
    }
    if (result == 0) {
      handles.put(name(hiddenPath), handle);
    }
    return result;
  }

  /** Root may open everything; for others the file's mode may have changed since it was opened. */
  private long keep(String path) {
    long handle = files.open(path, OpenFlags.READ_ONLY);
    if (handle == -Errno.EACCES) {
      handle = files.open(path, OpenFlags.WRITE_ONLY);
    }
    return handle == -Errno.EACCES ? files.open(path, OpenFlags.PATH) : handle;
  }

  /** The handle of a hidden file; empty for every other path. */
  Optional<Long> handle(String path) {
    return handles.isEmpty() ? Optional.empty() : Optional.ofNullable(handles.get(name(path)));
  }

  /** A file by its name, or by its handle if it is hidden. */
  FileRef ref(String path) {
    return handle(path).<FileRef>map(FileRef.Open::new).orElseGet(() -> new FileRef.Named(path));
  }

  /** The last process closed the file. Returns whether it was a hidden one. */
  boolean forget(String path) {
    Long handle = handles.isEmpty() ? null : handles.remove(name(path));
    if (handle == null) {
      return false;
    }
    files.release(handle);
    return true;
  }
}
