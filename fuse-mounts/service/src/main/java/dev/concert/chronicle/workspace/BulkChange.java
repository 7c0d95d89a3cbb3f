package dev.concert.chronicle.workspace;

import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.posix.OpenDirectory;
import dev.concert.chronicle.posix.PosixException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Brings many staged files into a workspace, by a rename each. What is deleted goes first; a path
 * in whose way something is stays as it is, and is named. For one thread; blocks.
 */
public final class BulkChange implements AutoCloseable {

  /**
   * What became of a path.
   *
   * @param status of the file that is there now; empty for a folder, for nothing, and where it is
   *     refused
   * @param refused whether something is in its way
   */
  public record Arrival(String path, Optional<FileStatus> status, boolean refused) {}

  private record Level(String path, OpenDirectory folder) {}

  private final LiveFiles files;
  private final StagedFiles staged;

  /** The folders above the path that came last, which are mostly those of the next one. */
  private final Deque<Level> levels = new ArrayDeque<>();

  private BulkChange(LiveFiles files, StagedFiles staged) {
    this.files = files;
    this.staged = staged;
  }

  /**
   * @throws PosixException with ENOSPC where all of it has no room; then nothing is changed
   */
  static List<Arrival> carryOut(LiveFiles files, StagedFiles staged) {
    files.reserve(staged.allocated(), staged.items().size());
    try (BulkChange change = new BulkChange(files, staged)) {
      return change.carryOut();
    }
  }

  private List<Arrival> carryOut() {
    List<Arrival> arrivals = new ArrayList<>();
    for (StagedFiles.Item item : staged.items()) {
      if (item instanceof StagedFiles.Item.Nothing) {
        files.delete(item.path());
        arrivals.add(new Arrival(item.path(), Optional.empty(), false));
      }
    }
    staged.items().stream()
        .filter(item -> !(item instanceof StagedFiles.Item.Nothing))
        .sorted(Comparator.comparing(StagedFiles.Item::path))
        .forEach(item -> arrivals.add(arrive(item)));
    return arrivals;
  }

  private Arrival arrive(StagedFiles.Item item) {
    try {
      Optional<FileStatus> status =
          switch (item) {
            case StagedFiles.Item.File file ->
                bring(file.path(), file.name(), file.status(), Kind.FILE, file.mode());
            case StagedFiles.Item.Symlink link ->
                bring(link.path(), link.name(), link.status(), Kind.SYMLINK, 0);
            case StagedFiles.Item.Folder folder -> {
              enter(folder.path());
              yield Optional.empty();
            }
            case StagedFiles.Item.Nothing _ -> Optional.empty();
          };
      return new Arrival(item.path(), status, false);
    } catch (PosixException refused) {
      if (isInTheWay(refused.errno())) {
        return new Arrival(item.path(), Optional.empty(), true);
      }
      throw refused;
    }
  }

  private static boolean isInTheWay(int errno) {
    return switch (errno) {
      case Errno.ENOTDIR, Errno.EISDIR, Errno.ELOOP, Errno.ENAMETOOLONG, Errno.EACCES -> true;
      default -> false;
    };
  }

  private Optional<FileStatus> bring(
      String path, String name, FileStatus status, Kind kind, int mode) {
    int slash = path.lastIndexOf('/');
    OpenDirectory folder = enter(slash < 0 ? "" : path.substring(0, slash));
    files.bring(staged.folder(), name, folder, path.substring(slash + 1), kind, mode);
    return Optional.of(status);
  }

  /** Opens a folder, which is made where it is missing, and so are those above it. */
  private OpenDirectory enter(String path) {
    while (!levels.isEmpty() && !isWithin(path, levels.getLast().path())) {
      levels.removeLast().folder().close();
    }
    String above = levels.isEmpty() ? "" : levels.getLast().path();
    OpenDirectory folder = levels.isEmpty() ? files.root() : levels.getLast().folder();
    while (above.length() < path.length()) {
      int begin = above.isEmpty() ? 0 : above.length() + 1;
      int slash = path.indexOf('/', begin);
      String name = path.substring(begin, slash < 0 ? path.length() : slash);
      folder = files.enter(folder, name);
      above = above.isEmpty() ? name : above + "/" + name;
      levels.addLast(new Level(above, folder));
    }
    return folder;
  }

  private static boolean isWithin(String path, String folder) {
    return path.equals(folder) || path.startsWith(folder + "/");
  }

  @Override
  public void close() {
    levels.forEach(level -> level.folder().close());
  }
}
