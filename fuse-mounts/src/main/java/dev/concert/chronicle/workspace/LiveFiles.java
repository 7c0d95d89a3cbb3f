package dev.concert.chronicle.workspace;

import static dev.concert.chronicle.posix.Errno.ENOENT;

import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.posix.Directory;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.tree.OpenContent;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Changes files below a directory, be it a mount or the real tree, and nothing outside of it: no
 * symlink on the way is followed. A file appears whole or not at all, whatever happens meanwhile;
 * who has the old one open keeps it. On Linux. For one thread; blocks.
 */
final class LiveFiles implements AutoCloseable {
  private static final int PIECE = 128 * 1024;
  private static final int FOLDER_MODE = 0755;
  private static final int EEXIST = 17;
  private static final int ENOTEMPTY = 39;

  private final Directory root;
  private final Directory staging;
  private final boolean mounted;

  private LiveFiles(Directory root, Directory staging, boolean mounted) {
    this.root = root;
    this.staging = staging;
    this.mounted = mounted;
  }

  /**
   * @param tree the real files, which nobody has mounted
   * @param orphans folder on the same disk
   */
  static LiveFiles below(Path tree, Path orphans) {
    return new LiveFiles(Directory.open(tree), Directory.open(orphans), false);
  }

  /**
   * @param orphans the folder in which the mount looks for {@link Incoming} names
   */
  static LiveFiles mounted(Path mount, Path orphans) {
    return new LiveFiles(Directory.open(mount), Directory.open(orphans), true);
  }

  @FunctionalInterface
  private interface InFolder {
    void act(Directory folder, String name);
  }

  /** Writes a regular file or makes a symlink, with the folders that it needs. */
  void write(String path, Kind kind, int mode, OpenContent content) {
    String staged = Incoming.newName();
    try {
      switch (kind) {
        case FILE -> stageFile(staged, mode, content);
        case SYMLINK -> stageLink(staged, content);
      }
      in(root, path, true, (folder, name) -> arrive(staged, folder, name, kind, mode));
    } catch (RuntimeException failure) {
      staging.unlink(staged);
      throw failure;
    }
  }

  private void stageFile(String staged, int mode, OpenContent content) {
    int flags = OpenFlags.WRITE_ONLY | OpenFlags.CREATE | OpenFlags.EXCLUSIVE;
    int fd = PosixException.check(staging.openFile(staged, flags, mode), "open");
    try {
      PosixException.check(FileCalls.changeMode(fd, mode), "fchmod");
      copy(content, fd);
      // Else the name could survive a power failure that the content does not.
      PosixException.check(FileCalls.sync(fd, false), "fsync");
    } finally {
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

  private void stageLink(String staged, OpenContent content) {
    byte[] target = new byte[(int) content.size()];
    content.content().read(target, 0);
    PosixException.check(
        staging.symlink(new String(target, StandardCharsets.UTF_8), staged), "symlink");
  }

  private void arrive(String staged, Directory folder, String name, Kind kind, int mode) {
    FileOwner.of(folder, name).ifPresent(owner -> owner.give(staging, staged));
    if (mounted) {
      long inode = staging.status(staged).map(FileStatus::inode).orElse(0L);
      PosixException.check(root.rename(staged, folder, name), "rename");
      if (kind == Kind.FILE) {
        lookAgain(folder, name, inode, mode);
      }
    } else {
      PosixException.check(staging.rename(staged, folder, name), "rename");
    }
  }

  /**
   * The kernel looked at the file under its other name, and keeps for a while what it saw: an
   * orphan, which has no links. Setting the mode that it has makes the kernel look again. Another
   * file that has the name already stays as it is. Not by opening the file: one that is open does
   * not give its name to another without a trace.
   */
  private static void lookAgain(Directory folder, String name, long inode, int mode) {
    int fd = folder.openFile(name, OpenFlags.PATH, 0);
    if (fd >= 0) {
      try {
        if (Directory.statusOf(fd).inode() == inode) {
          folder.changeMode("/proc/self/fd/" + fd, mode);
        }
      } finally {
        FileCalls.close(fd);
      }
    }
  }

  /** Deletes a file, and the folders above it that became empty by it. */
  void delete(String path) {
    delete(path, folder -> false);
  }

  /**
   * The same.
   *
   * @param keeps which folders stay, and so those above them
   */
  void delete(String path, Predicate<String> keeps) {
    leniently(path, LiveFiles::unlink);
    boolean empty = true;
    for (int slash = path.lastIndexOf('/');
        slash > 0 && empty && !keeps.test(path.substring(0, slash));
        slash = path.lastIndexOf('/', slash - 1)) {
      empty = removeFolder(path.substring(0, slash));
    }
  }

  /** Makes a folder and those above it; gives one that is there these permissions. */
  void makeFolder(String path, int mode) {
    in(root, path, true, (folder, name) -> makeFolder(folder, name, mode));
  }

  private static void makeFolder(Directory above, String name, int mode) {
    int made = above.makeDirectory(name, mode);
    if (made != -EEXIST) {
      PosixException.check(made, "mkdir");
    }
    try (Directory folder = above.child(name)) {
      PosixException.check(FileCalls.changeMode(folder.descriptor(), mode), "fchmod");
    }
  }

  /**
   * Removes a folder where it is there and empty.
   *
   * @return whether it is not there
   */
  boolean removeFolder(String path) {
    AtomicBoolean gone = new AtomicBoolean(true);
    leniently(
        path,
        (folder, name) -> {
          int removed = folder.removeDirectory(name);
          gone.set(removed != -ENOTEMPTY && removed != -EEXIST);
          if (gone.get() && removed != -ENOENT && removed != -Errno.ENOTDIR) {
            PosixException.check(removed, "rmdir");
          }
        });
    return gone.get();
  }

  /** What is not there cannot be removed, which is no failure. */
  private void leniently(String path, InFolder work) {
    try {
      in(root, path, false, work);
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
  }

  @Override
  public void close() {
    staging.close();
    root.close();
  }
}
