package dev.concert.chronicle.view;

import static dev.concert.chronicle.posix.Errno.EIO;

import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.posix.ConfinedOpen;
import dev.concert.chronicle.posix.DirectoryReader;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.posix.OpenDirectory;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.recording.LastingContent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The view on Linux: the kernel confines every path to the tree. */
public final class PosixTreeView implements TreeView {
  private static final int NON_BLOCKING = 04000;
  private final OpenDirectory root;

  private PosixTreeView(OpenDirectory root) {
    this.root = root;
  }

  public static PosixTreeView open(Path root) {
    return new PosixTreeView(OpenDirectory.open(root));
  }

  @Override
  public Optional<TreeFile> find(String path) {
    return confined(path, OpenFlags.PATH | OpenFlags.NO_FOLLOW)
        .map(
            fd -> {
              try {
                return file(path, OpenDirectory.statusOf(fd));
              } finally {
                FileCalls.close(fd);
              }
            });
  }

  @Override
  public List<TreeFile> children(String folder) {
    List<TreeFile> found = new ArrayList<>();
    confined(folder, OpenFlags.DIRECTORY).ifPresent(fd -> read(folder, fd, found));
    found.sort(Comparator.comparing(TreeFile::path));
    return found;
  }

  private static void read(String folder, int fd, List<TreeFile> into) {
    int result =
        DirectoryReader.readAll(
            fd,
            (entry, inode, type, next) -> {
              String name = entry.getString(0);
              if (!name.equals(".") && !name.equals("..")) {
                String path = folder.isEmpty() ? name : folder + "/" + name;
                OpenDirectory.statusIn(fd, name).ifPresent(status -> into.add(file(path, status)));
              }
              return true;
            });
    PosixException.check(result, "readdir");
  }

  @Override
  public Optional<OpenContent> open(String path) {
    // Without O_NONBLOCK the open of a pipe would wait for a writer.
    return confined(path, OpenFlags.READ_ONLY | NON_BLOCKING).flatMap(PosixTreeView::content);
  }

  private static Optional<OpenContent> content(int fd) {
    FileStatus status = OpenDirectory.statusOf(fd);
    if (!status.isRegular()) {
      FileCalls.close(fd);
      return Optional.empty();
    }
    return Optional.of(new OpenContent(of(fd), status.size(), () -> FileCalls.close(fd)));
  }

  /** The content of an open file. */
  public static LastingContent of(int fd) {
    return new DescriptorContent(fd);
  }

  @Override
  public Optional<byte[]> readLink(String path) {
    try {
      return Optional.of(root.readLink(path));
    } catch (PosixException changed) {
      if (changed.errno() == EIO) {
        throw changed;
      }
      return Optional.empty();
    }
  }

  private Optional<Integer> confined(String path, int flags) {
    int fd = ConfinedOpen.open(root, path, flags);
    return switch (-fd) {
      case Errno.ENOENT, Errno.ENOTDIR, Errno.ENXIO, Errno.ELOOP -> Optional.empty();
      case Errno.EXDEV -> throw new EscapeException(path);
      default -> Optional.of(PosixException.check(fd, "openat2"));
    };
  }

  /** Converts a status to a file of the view. */
  public static TreeFile file(String path, FileStatus status) {
    TreeFile.Type type =
        status.isRegular()
            ? TreeFile.Type.FILE
            : status.isDirectory()
                ? TreeFile.Type.DIRECTORY
                : status.isSymlink() ? TreeFile.Type.SYMLINK : TreeFile.Type.OTHER;
    return new TreeFile(path, type, status.permissions(), signature(status));
  }

  public static Signature signature(FileStatus status) {
    return new Signature(status.size(), status.modifiedNanos(), status.inode());
  }

  @Override
  public void close() {
    root.close();
  }
}
