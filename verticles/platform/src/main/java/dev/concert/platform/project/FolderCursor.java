package dev.concert.platform.project;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.posix.OpenDirectory;
import dev.concert.chronicle.posix.PosixException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Looks at many paths of a folder, of which no symlink is followed. The folders above the last path
 * stay open, so that paths in their order cost one look each. For one thread.
 */
final class FolderCursor implements AutoCloseable {
  private record Level(String path, OpenDirectory folder) {}

  private final OpenDirectory root;
  private final Deque<Level> levels = new ArrayDeque<>();

  FolderCursor(Path root) {
    this.root = OpenDirectory.open(root);
  }

  /**
   * What is at a path; empty where nothing is.
   *
   * @throws AccessDeniedException where a folder above may not be entered
   */
  Optional<FileStatus> look(String path) throws IOException {
    Optional<OpenDirectory> folder = folder(above(path));
    return folder.flatMap(open -> open.status(name(path)));
  }

  /** Another name of the path, which is good until the next look. */
  Path place(String path) throws IOException {
    OpenDirectory folder = folder(above(path)).orElseThrow(() -> new NoSuchFileException(path));
    return Path.of("/proc/self/fd/" + folder.descriptor(), name(path));
  }

  private static String above(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private Optional<OpenDirectory> folder(String path) throws IOException {
    while (!levels.isEmpty() && !isWithin(path, levels.getLast().path())) {
      levels.removeLast().folder().close();
    }
    String above = levels.isEmpty() ? "" : levels.getLast().path();
    OpenDirectory folder = levels.isEmpty() ? root : levels.getLast().folder();
    while (above.length() < path.length()) {
      int begin = above.isEmpty() ? 0 : above.length() + 1;
      int slash = path.indexOf('/', begin);
      String name = path.substring(begin, slash < 0 ? path.length() : slash);
      try {
        folder = folder.child(name);
      } catch (PosixException refused) {
        return none(path, refused);
      }
      above = above.isEmpty() ? name : above + "/" + name;
      levels.addLast(new Level(above, folder));
    }
    return Optional.of(folder);
  }

  private static Optional<OpenDirectory> none(String path, PosixException refused)
      throws IOException {
    return switch (refused.errno()) {
      case Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP -> Optional.empty();
      case Errno.EACCES -> throw new AccessDeniedException(path);
      default -> throw new IOException("%s cannot be opened".formatted(path), refused);
    };
  }

  private static boolean isWithin(String path, String folder) {
    return path.equals(folder) || path.startsWith(folder + "/");
  }

  @Override
  public void close() {
    levels.forEach(level -> level.folder().close());
    root.close();
  }
}
