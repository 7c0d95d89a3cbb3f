package dev.concert.chronicle.workspace;

import static dev.concert.chronicle.posix.Errno.ENOENT;

import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.posix.Directory;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.tree.OpenContent;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Changes files below a directory, be it a mount or the real tree, and nothing outside of it: no
 * symlink on the way is followed. On Linux. For one thread; blocks.
 */
final class LiveFiles implements AutoCloseable {
  private static final int PIECE = 128 * 1024;
  private static final int FOLDER_MODE = 0755;
  private static final int EEXIST = 17;
  private static final int ENOTEMPTY = 39;

  private final Path place;
  private final Directory root;

  private LiveFiles(Path place, Directory root) {
    this.place = place;
    this.root = root;
  }

  static LiveFiles below(Path root) {
    return new LiveFiles(root, Directory.open(root));
  }

  @FunctionalInterface
  private interface InFolder {
    void act(Directory folder, String name);
  }

  /** Writes a regular file or makes a symlink, with the folders that it needs. */
  void write(String path, Kind kind, int mode, OpenContent content) {
    // A file is written in its place: without room for it the old content has to stay.
    if (place.toFile().getUsableSpace() < content.size()) {
      throw new PosixException(Errno.ENOSPC, "write");
    }
    in(
        root,
        path,
        true,
        (folder, name) -> {
          switch (kind) {
            case FILE -> writeFile(folder, name, mode, content);
            case SYMLINK -> link(folder, name, content);
          }
        });
  }

  private static void writeFile(Directory folder, String name, int mode, OpenContent content) {
    if (folder.status(name).filter(status -> status.isSymlink()).isPresent()) {
      PosixException.check(folder.unlink(name), "unlink");
    }
    int flags = OpenFlags.WRITE_ONLY | OpenFlags.CREATE | OpenFlags.TRUNCATE;
    int fd = PosixException.check(folder.openFile(name, flags, mode), "open");
    try {
      PosixException.check(FileCalls.changeMode(fd, mode), "fchmod");
      copy(content, fd);
    } finally {
      // Closing tells the workspace; what cannot be flushed is an error of the write.
      PosixException.check(FileCalls.close(fd), "close");
    }
  }

  private static void copy(OpenContent content, int fd) {
    byte[] piece = new byte[PIECE];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(PIECE);
      long position = 0;
      for (int length = content.content().read(piece, 0);
          length > 0;
          length = content.content().read(piece, position)) {
        MemorySegment.copy(piece, 0, memory, ValueLayout.JAVA_BYTE, 0, length);
        int written = PosixException.check(FileCalls.write(fd, memory, length, position), "write");
        if (written < length) {
          throw new PosixException(Errno.ENOSPC, "write");
        }
        position += length;
      }
    }
  }

  private static void link(Directory folder, String name, OpenContent content) {
    byte[] target = new byte[(int) content.size()];
    content.content().read(target, 0);
    int removed = folder.unlink(name);
    if (removed != -ENOENT) {
      PosixException.check(removed, "unlink");
    }
    PosixException.check(
        folder.symlink(new String(target, StandardCharsets.UTF_8), name), "symlink");
  }

  /** Deletes a file, and the folders above it that became empty by it. */
  void delete(String path) {
    try {
      in(root, path, false, LiveFiles::unlink);
    } catch (PosixException gone) {
      if (gone.errno() != ENOENT && gone.errno() != Errno.ENOTDIR) {
        throw gone;
      }
    }
  }

  private static void unlink(Directory folder, String name) {
    int result = folder.unlink(name);
    if (result != -ENOENT) {
      PosixException.check(result, "unlink");
    }
  }

  private static void in(Directory above, String path, boolean makes, InFolder work) {
    int slash = path.indexOf('/');
    if (slash < 0) {
      work.act(above, path);
      return;
    }
    String name = path.substring(0, slash);
    if (makes) {
      int made = above.makeDirectory(name, FOLDER_MODE);
      if (made != -EEXIST) {
        PosixException.check(made, "mkdir");
      }
    }
    try (Directory folder = above.child(name)) {
      in(folder, path.substring(slash + 1), makes, work);
    }
    if (!makes) {
      int removed = above.removeDirectory(name);
      if (removed != -ENOTEMPTY && removed != -EEXIST && removed != -ENOENT) {
        PosixException.check(removed, "rmdir");
      }
    }
  }

  @Override
  public void close() {
    root.close();
  }
}
