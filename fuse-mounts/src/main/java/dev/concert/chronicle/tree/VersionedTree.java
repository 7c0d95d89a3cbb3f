package dev.concert.chronicle.tree;

import static dev.concert.chronicle.tree.OpenFile.Unrecorded.CONTENT;
import static dev.concert.chronicle.tree.OpenFile.Unrecorded.NOTHING;
import static dev.concert.chronicle.tree.OpenFile.Unrecorded.OPENING;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.posix.Directory;
import dev.concert.chronicle.posix.DirectoryEntry;
import dev.concert.chronicle.posix.DirectoryReading;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.posix.StatBuffer;
import dev.concert.chronicle.recording.Recorder;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * An ordinary folder as a filesystem whose changes are recorded.
 *
 * <p>The kernel of the host gives the semantics; this class notices what changed. Content counts as
 * changed when it is written, and is recorded when a descriptor is closed or synced, and about
 * every second while it is held open. Before content changes or a name goes, the recorder is asked
 * whether it has still to read the file.
 */
public final class VersionedTree implements FileSystem {
  private static final int NOT_PASSED_ON =
      OpenFlags.APPEND
          | OpenFlags.CREATE
          | OpenFlags.EXCLUSIVE
          | OpenFlags.TRUNCATE
          | OpenFlags.DIRECT
          | OpenFlags.DIRECTORY;

  private final Directory root;
  private final Directory orphans;
  private final Ownership ownership;
  private final ChangeNotes changes;
  private final Names names;
  private final OpenFiles files = new OpenFiles();
  private final HeldOpen held;

  private VersionedTree(
      Directory root, Directory orphans, Recorder recorder, Runnable reconciliation) {
    this.root = root;
    this.orphans = orphans;
    this.ownership = Ownership.of(root);
    this.changes = new ChangeNotes(recorder, reconciliation);
    this.names = new Names(orphans, recorder);
    this.held = new HeldOpen(files, changes);
  }

  /**
   * @param tree folder with the files
   * @param orphans folder on the same disk for files that lose their name before they were read
   */
  public static VersionedTree open(Path tree, Path orphans, Recorder recorder) {
    return open(tree, orphans, recorder, () -> {});
  }

  /**
   * The same for a recorder that may miss something.
   *
   * @param reconciliation compares the tree with what was recorded; it is run, alone, some time
   *     after the recorder failed
   */
  public static VersionedTree open(
      Path tree, Path orphans, Recorder recorder, Runnable reconciliation) {
    return new VersionedTree(
        Directory.open(tree), Directory.open(orphans), recorder, reconciliation);
  }

  private Directory place(String path) {
    return Arrivals.isName(path) ? orphans : root;
  }

  private static String name(String path) {
    return path.isEmpty() ? "." : path;
  }

  @Override
  public int status(String path, MemorySegment into) {
    return place(path).status(name(path), into);
  }

  @Override
  public int statusOfOpen(long handle, MemorySegment into) {
    int result = FileCalls.status(files.get(handle).descriptor(), into);
    StatBuffer status = new StatBuffer(into);
    if (result == 0 && names.isKept(status.inode())) {
      status.dropLink();
    }
    return result;
  }

  @Override
  public int fileSystemStatus(MemorySegment into) {
    return FileCalls.fileSystemStatus(root.descriptor(), into);
  }

  @Override
  public int readLink(String path, MemorySegment into, long size) {
    return root.readLink(name(path), into, size);
  }

  @Override
  public long openDirectory(String path) {
    int fd = root.openFile(name(path), OpenFlags.DIRECTORY, 0);
    return fd < 0 ? fd : files.add(new OpenFile(path, fd, true, NOTHING), false);
  }

  @Override
  public int readDirectory(long handle, long position, long piece, DirectoryEntry taker) {
    return DirectoryReading.read(files.get(handle).descriptor(), position, piece, taker);
  }

  @Override
  public int statusIn(long handle, MemorySegment name, MemorySegment into) {
    return Directory.statusIn(files.get(handle).descriptor(), name, into);
  }

  @Override
  public int makeNode(String path, int mode, long device, Caller caller) {
    return changes.making(
        path,
        Kind.FILE,
        Content.of(new byte[0]),
        () -> {
          int result = root.makeNode(path, mode, device);
          if (result == 0) {
            ownership.give(path, mode, caller);
          }
          return result;
        },
        () -> root.status(path).filter(FileStatus::isRegular));
  }

  @Override
  public int makeDirectory(String path, int mode, Caller caller) {
    int result = root.makeDirectory(path, mode);
    if (result == 0) {
      ownership.giveDirectory(path, mode, caller);
    }
    return result;
  }

  @Override
  public int removeDirectory(String path) {
    return root.removeDirectory(path);
  }

  @Override
  public int unlink(String path) {
    return changes.removing(
        path,
        () -> {
          int result = names.unlink(root, path);
          if (result == 0) {
            files.removed(path);
          }
          return result;
        });
  }

  @Override
  public int symlink(String target, String path, Caller caller) {
    return changes.making(
        path,
        Kind.SYMLINK,
        Content.of(target.getBytes(StandardCharsets.UTF_8)),
        () -> {
          int result = root.symlink(target, path);
          if (result == 0) {
            ownership.give(path, caller);
          }
          return result;
        },
        () -> root.status(path));
  }

  @Override
  public int rename(String from, String to) {
    return changes.renaming(
        () -> {
          int result = names.rename(place(from), from, root, to);
          if (result == 0) {
            renamed(from, to);
          }
          return result;
        });
  }

  private void renamed(String from, String to) {
    if (root.status(from).isEmpty()) {
      // Renaming one name of a file to another name of it does nothing, so the old one is still
      // there.
      files.renamed(from, to);
      changes.renamed(from, to);
    }
  }

  @Override
  public int link(String existing, String name) {
    return changes.along(
        name,
        () -> {
          int result = root.link(existing, root, name);
          if (result == 0) {
            changes.report(() -> recordNow(name));
          }
          return result;
        });
  }

  @Override
  public int changeMode(String path, int mode) {
    return changes.changingMode(
        path, () -> root.changeMode(name(path), mode), () -> root.status(name(path)));
  }

  @Override
  public int changeOwner(String path, int user, int group) {
    return root.changeOwner(name(path), user, group);
  }

  @Override
  public int changeTimes(String path, MemorySegment times) {
    return root.changeTimes(name(path), times);
  }

  @Override
  public int changeModeOpen(long handle, int mode) {
    return FileCalls.changeMode(files.get(handle).descriptor(), mode);
  }

  @Override
  public int changeOwnerOpen(long handle, int user, int group) {
    return FileCalls.changeOwner(files.get(handle).descriptor(), user, group);
  }

  @Override
  public int changeTimesOpen(long handle, MemorySegment times) {
    return FileCalls.changeTimes(files.get(handle).descriptor(), times);
  }

  @Override
  public int truncate(String path, long size) {
    return changes.along(path, () -> truncateAt(path, size));
  }

  private int truncateAt(String path, long size) {
    int fd = root.openFile(name(path), OpenFlags.READ_WRITE, 0);
    if (fd < 0) {
      return fd;
    }
    try {
      OpenFile file = new OpenFile(path, fd, true, CONTENT);
      int result = changes.changing(file, () -> FileCalls.truncate(fd, size));
      if (result == 0) {
        changes.record(file);
      }
      return result;
    } finally {
      FileCalls.close(fd);
    }
  }

  @Override
  public int truncateOpen(long handle, long size) {
    OpenFile file = files.get(handle);
    int result = changes.changing(file, () -> FileCalls.truncate(file.descriptor(), size));
    changed(file);
    return result;
  }

  @Override
  public long open(String path, int flags) {
    int wanted = flags & ~NOT_PASSED_ON;
    if (!OpenFlags.writes(wanted)) {
      int fd = root.openFile(name(path), wanted, 0);
      return fd < 0 ? fd : files.add(new OpenFile(path, fd, true, NOTHING), false);
    }
    long handle = changes.opening(() -> openToWrite(path, wanted));
    if (handle >= 0 && OpenFlags.has(flags, OpenFlags.TRUNCATE)) {
      empty(handle);
    }
    return handle;
  }

  private long openToWrite(String path, int wanted) {
    // A file that is written is read again when it is recorded.
    int readable = OpenFlags.withAccess(wanted, OpenFlags.READ_WRITE);
    int fd = root.openFile(name(path), readable, 0);
    boolean isReadable = fd >= 0;
    if (fd == -Errno.EACCES && readable != wanted) {
      fd = root.openFile(name(path), wanted, 0);
    }
    return fd < 0 ? fd : files.add(new OpenFile(path, fd, isReadable, NOTHING), true);
  }

  /** Not by opening it: what the file has may have to be read before. */
  private void empty(long handle) {
    OpenFile file = files.get(handle);
    changes.changing(file, () -> FileCalls.truncate(file.descriptor(), 0));
    file.opened();
  }

  @Override
  public long create(String path, int flags, int mode, Caller caller) {
    int wanted = flags & ~NOT_PASSED_ON | OpenFlags.CREATE | OpenFlags.EXCLUSIVE;
    long handle = changes.opening(() -> make(path, wanted, mode, caller));
    return handle == -Errno.EEXIST && !OpenFlags.has(flags, OpenFlags.EXCLUSIVE)
        // Somebody else made it meanwhile.
        ? open(path, flags)
        : handle;
  }

  private long make(String path, int wanted, int mode, Caller caller) {
    int fd = root.openFile(path, OpenFlags.withAccess(wanted, OpenFlags.READ_WRITE), mode);
    if (fd < 0) {
      return fd;
    }
    ownership.give(path, mode, caller);
    return files.add(new OpenFile(path, fd, true, OPENING), true);
  }

  @Override
  public int read(long handle, MemorySegment into, long size, long offset) {
    return FileCalls.read(files.get(handle).descriptor(), into, size, offset);
  }

  @Override
  public int write(long handle, MemorySegment from, long size, long offset) {
    OpenFile file = files.get(handle);
    int written =
        changes.changing(file, () -> FileCalls.write(file.descriptor(), from, size, offset));
    changed(file);
    return written;
  }

  @Override
  public int allocate(long handle, int mode, long offset, long length) {
    OpenFile file = files.get(handle);
    int result =
        changes.changing(file, () -> FileCalls.allocate(file.descriptor(), mode, offset, length));
    changed(file);
    return result;
  }

  /** After the change: a recording that runs at the same time may have read the old content. */
  private void changed(OpenFile file) {
    if (file.changed()) {
      held.watch();
    }
  }

  @Override
  public int flush(long handle) {
    OpenFile file = files.get(handle);
    if (file.unrecorded() == CONTENT) {
      changes.record(file);
    }
    return 0;
  }

  @Override
  public int sync(long handle, boolean dataOnly) {
    OpenFile file = files.get(handle);
    int result = FileCalls.sync(file.descriptor(), dataOnly);
    changes.record(file);
    changes.sync();
    return result;
  }

  @Override
  public int release(long handle) {
    try {
      // Shared memory may have been written back after the last descriptor was closed.
      changes.record(files.get(handle));
    } finally {
      files.close(handle);
    }
    return 0;
  }

  private void recordNow(String path) {
    int fd = root.openFile(path, OpenFlags.READ_ONLY, 0);
    if (fd >= 0) {
      try {
        changes.record(new OpenFile(path, fd, true, CONTENT));
      } finally {
        FileCalls.close(fd);
      }
    }
  }

  @Override
  public void close() {
    changes.close();
    files.closeAll();
    orphans.close();
    root.close();
  }
}
