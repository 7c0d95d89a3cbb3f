package dev.concert.chronicle.tree;

import dev.concert.chronicle.posix.Directory;
import dev.concert.chronicle.posix.DirectoryReading;
import dev.concert.chronicle.posix.PosixException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Files that were unlinked while a process had them open.
 *
 * <p>libfuse keeps such a file reachable by renaming it to {@code .fuse_hidden…} beside its old
 * place. Here those names lead into a folder outside the tree, so that nobody sees them and the
 * directory they were in can be removed. Files on their way into a mount from outside lie there
 * under such names, too: a rename from one of them to a path of the tree brings a file in.
 */
final class Orphans implements AutoCloseable {
  private static final String PREFIX = ".fuse_hidden";

  private final Directory folder;

  private Orphans(Directory folder) {
    this.folder = folder;
  }

  /** Opens the folder and deletes what a killed process left in it. */
  static Orphans open(Path path) {
    Orphans orphans = new Orphans(Directory.open(path));
    orphans.clear();
    return orphans;
  }

  private void clear() {
    List<String> left = new ArrayList<>();
    int fd = folder.openFile(".", dev.concert.chronicle.posix.OpenFlags.DIRECTORY, 0);
    DirectoryReading.readAll(
        PosixException.check(fd, "open of orphans"),
        (name, inode, type) -> left.add(name.getString(0)));
    left.stream().filter(name -> name.startsWith(PREFIX)).forEach(folder::unlink);
  }

  /** Whether this is the name of such a file. */
  static boolean isOrphan(String path) {
    return path.startsWith(PREFIX, path.lastIndexOf('/') + 1);
  }

  /** Where it is; the name in it is {@link #name}. */
  Directory folder() {
    return folder;
  }

  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Override
  public void close() {
    folder.close();
  }
}
