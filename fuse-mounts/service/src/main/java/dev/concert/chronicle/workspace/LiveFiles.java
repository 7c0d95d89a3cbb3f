package dev.concert.chronicle.workspace;

import static dev.concert.chronicle.posix.Errno.ENOENT;

import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.posix.OpenDirectory;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.quota.DiskQuota;
import dev.concert.chronicle.quota.DiskUsage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * Changes files below a directory, be it a mount or the real tree, and nothing outside of it: no
 * symlink on the way is followed. A file appears whole or not at all, whatever happens meanwhile;
 * who has the old one open keeps it. On Linux. For one thread; blocks.
 */
public final class LiveFiles implements AutoCloseable {
  private static final int PIECE = 128 * 1024;
  private static final int FOLDER_MODE = 0755;

  /** What a folder counts. */
  private static final int FOLDER_BYTES = 4096;

  private static final int EEXIST = 17;
  private static final int ENOTEMPTY = 39;

  private final OpenDirectory root;
  private final OpenDirectory staging;
  private final boolean mounted;
  private final DiskUsage usage;

  private LiveFiles(OpenDirectory root, OpenDirectory staging, boolean mounted, DiskUsage usage) {
    this.usage = usage;
    this.root = root;
    this.staging = staging;
    this.mounted = mounted;
  }

  /**
   * @param tree the real files of a workspace that is not mounted
   * @param orphans folder on the same disk
   * @param usage counts what is written, and has its quota; a mount keeps its own
   */
  static LiveFiles below(Path tree, Path orphans, DiskUsage usage) {
    return new LiveFiles(OpenDirectory.open(tree), OpenDirectory.open(orphans), false, usage);
  }

  /**
   * @param orphans the folder in which the mount looks for {@link UploadNames} names
   */
  static LiveFiles mounted(Path mount, Path orphans) {
    return new LiveFiles(
        OpenDirectory.open(mount),
        OpenDirectory.open(orphans),
        true,
        new DiskUsage(DiskQuota.UNLIMITED, 0, 0));
  }

  @FunctionalInterface
  private interface InFolder {
    void act(OpenDirectory folder, String name);
  }

  /** Writes a regular file or makes a symlink, with the folders that it needs. */
  public void write(String path, Kind kind, int mode, OpenContent content) {
    write(path, kind, mode, content, Optional.empty());
  }

  /**
   * The same where the file that is there is like this.
   *
   * @throws PosixException {@code ECANCELED} where it is not; then it stays as it is
   */
  public void write(
      String path, Kind kind, int mode, OpenContent content, Optional<Signature> expected) {
    long size = kind == Kind.FILE ? content.size() : 0;
    Optional<FileStatus> replaced = replaced(path);
    long bytes = size - replaced.map(FileStatus::allocated).orElse(0L);
    int files = replaced.isPresent() ? 0 : 1;
    if (!usage.reserveFiles(bytes, files)) {
      throw new PosixException(Errno.ENOSPC, "write");
    }
    String staged = UploadNames.newName(expected);
    try {
      switch (kind) {
        case FILE -> stageFile(staged, mode, content);
        case SYMLINK -> stageLink(staged, content);
      }
      long more = staging.status(staged).map(FileStatus::allocated).orElse(0L) - size;
      in(root, path, true, (folder, name) -> arrive(staged, expected, folder, name, kind, mode));
      usage.add(more, 0);
    } catch (RuntimeException failure) {
      usage.add(-bytes, -files);
      staging.unlink(staged);
      throw failure;
    }
  }

  OpenDirectory root() {
    return root;
  }

  /**
   * Takes room for what is about to come.
   *
   * @throws PosixException with ENOSPC if there is none
   */
  void reserve(long bytes, int items) {
    if (!usage.reserveFiles(bytes, items)) {
      throw new PosixException(Errno.ENOSPC, "write");
    }
  }

  /** A folder in another one, which is made where it is missing. */
  OpenDirectory enter(OpenDirectory above, String name) {
    makeWhereMissing(above, name, FOLDER_MODE);
    return above.child(name);
  }

  /** Brings in a file that lies in a folder on the same disk, and has room already. */
  void bring(
      OpenDirectory from, String staged, OpenDirectory folder, String name, Kind kind, int mode) {
    if (!mounted) {
      Optional<FileStatus> replaced = onlyName(folder, name);
      FileOwner.of(folder, name).orElseGet(this::newFiles).give(from, staged);
      PosixException.check(from.rename(staged, folder, name), "rename");
      replaced.ifPresent(this::freed);
      return;
    }
    String upload = UploadNames.newName(Optional.empty());
    PosixException.check(from.rename(staged, staging, upload), "rename");
    try {
      arrive(upload, Optional.empty(), folder, name, kind, mode);
    } catch (RuntimeException failure) {
      staging.unlink(upload);
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
      long position = content.content().zerosUntil(0);
      for (int length = content.content().read(piece, position);
          length > 0;
          length = content.content().read(piece, position)) {
        MemorySegment.copy(piece, 0, memory, ValueLayout.JAVA_BYTE, 0, length);
        int written = PosixException.check(FileCalls.write(fd, memory, length, position), "write");
        if (written < length) {
          throw new PosixException(Errno.ENOSPC, "write");
        }
        position = content.content().zerosUntil(position + length);
      }
      if (position > 0) {
        // What ends with a hole has its size from this.
        PosixException.check(FileCalls.truncate(fd, position), "ftruncate");
      }
    }
  }

  private void stageLink(String staged, OpenContent content) {
    byte[] target = new byte[(int) content.size()];
    content.content().read(target, 0);
    PosixException.check(staging.symlink(target, staged), "symlink");
  }

  private void arrive(
      String staged,
      Optional<Signature> expected,
      OpenDirectory folder,
      String name,
      Kind kind,
      int mode) {
    FileOwner.of(folder, name).orElseGet(this::newFiles).give(staging, staged);
    if (mounted) {
      long inode = staging.status(staged).map(FileStatus::inode).orElse(0L);
      PosixException.check(root.rename(staged, folder, name), "rename");
      if (kind == Kind.FILE) {
        lookAgain(folder, name, inode, mode);
      }
    } else {
      expected.ifPresent(like -> UploadNames.compare(folder, name, like));
      PosixException.check(staging.rename(staged, folder, name), "rename");
    }
  }

  /** What is there, if it goes with this name. */
  private static Optional<FileStatus> onlyName(OpenDirectory folder, String name) {
    return folder.status(name).filter(file -> !file.isDirectory() && file.links() == 1);
  }

  /** What a new file at this path takes the place of, so that it needs no room of its own. */
  private Optional<FileStatus> replaced(String path) {
    AtomicReference<FileStatus> found = new AtomicReference<>();
    if (!mounted) {
      leniently(path, (folder, name) -> onlyName(folder, name).ifPresent(found::set));
    }
    return Optional.ofNullable(found.get());
  }

  private void freed(FileStatus file) {
    usage.add(-file.allocated(), -1);
  }

  /**
   * The kernel looked at the file under its other name, and keeps for a while what it saw: an
   * orphan, which has no links. Setting the mode that it has makes the kernel look again. Another
   * file that has the name already stays as it is. Not by opening the file: one that is open does
   * not give its name to another without a trace.
   */
  private static void lookAgain(OpenDirectory folder, String name, long inode, int mode) {
    int fd = folder.openFile(name, OpenFlags.PATH, 0);
    if (fd >= 0) {
      try {
        if (isStill(fd, inode)) {
          folder.changeMode("/proc/self/fd/" + fd, mode);
        }
      } finally {
        FileCalls.close(fd);
      }
    }
  }

  /** A mount says of a file that another one has just replaced that it is stale. */
  private static boolean isStill(int fd, long inode) {
    try {
      return OpenDirectory.statusOf(fd).inode() == inode;
    } catch (PosixException replaced) {
      if (replaced.errno() == Errno.ESTALE || replaced.errno() == ENOENT) {
        return false;
      }
      throw replaced;
    }
  }

  /** Brings in all of these, of which those that are deleted go first. */
  public List<BulkChange.Arrival> bringIn(StagedFiles staged) {
    return BulkChange.carryOut(this, staged);
  }

  /** Deletes a file, and the folders above it that became empty by it. */
  public void delete(String path) {
    delete(path, folder -> false);
  }

  /**
   * The same.
   *
   * @param keeps which folders stay, and so those above them
   */
  public void delete(String path, Predicate<String> keeps) {
    delete(path, keeps, this::unlink);
  }

  /**
   * The same where the file is like this.
   *
   * @throws PosixException {@code ECANCELED} where it is not; then it stays as it is
   */
  public void delete(String path, Signature expected) {
    delete(path, folder -> false, (folder, name) -> unlink(folder, name, expected));
  }

  private void unlink(OpenDirectory folder, String name, Signature expected) {
    if (mounted) {
      String gone = UploadNames.newName(Optional.of(expected));
      PosixException.check(folder.rename(name, root, gone), "rename");
    } else {
      UploadNames.compare(folder, name, expected);
      unlink(folder, name);
    }
  }

  private void delete(String path, Predicate<String> keeps, InFolder unlinking) {
    leniently(path, unlinking);
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

  private void makeFolder(OpenDirectory above, String name, int mode) {
    makeWhereMissing(above, name, mode);
    try (OpenDirectory folder = above.child(name)) {
      PosixException.check(FileCalls.changeMode(folder.descriptor(), mode), "fchmod");
    }
  }

  /**
   * Removes a folder where it is there and empty.
   *
   * @return whether it is not there
   */
  public boolean removeFolder(String path) {
    AtomicBoolean gone = new AtomicBoolean(true);
    leniently(
        path,
        (folder, name) -> {
          int removed = folder.removeDirectory(name);
          if (removed == 0) {
            usage.add(-FOLDER_BYTES, -1);
          }
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

  private void unlink(OpenDirectory folder, String name) {
    Optional<FileStatus> removed = onlyName(folder, name);
    int result = folder.unlink(name);
    if (result != -ENOENT) {
      PosixException.check(result, "unlink");
      removed.ifPresent(this::freed);
    }
  }

  /** What is new belongs to whoever the workspace belongs to. */
  private FileOwner newFiles() {
    return FileOwner.of(root, ".").orElseThrow();
  }

  private void makeWhereMissing(OpenDirectory above, String name, int mode) {
    int made = above.makeDirectory(name, mode);
    if (made != -EEXIST) {
      PosixException.check(made, "mkdir");
      usage.add(FOLDER_BYTES, 1);
      newFiles().give(above, name);
    }
  }

  private void in(OpenDirectory above, String path, boolean makes, InFolder work) {
    int slash = path.indexOf('/');
    if (slash < 0) {
      work.act(above, path);
      return;
    }
    String name = path.substring(0, slash);
    if (makes) {
      makeWhereMissing(above, name, FOLDER_MODE);
    }
    try (OpenDirectory folder = above.child(name)) {
      in(folder, path.substring(slash + 1), makes, work);
    }
  }

  @Override
  public void close() {
    staging.close();
    root.close();
  }
}
