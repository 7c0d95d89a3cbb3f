package dev.concert.chronicle.tree;

import static dev.concert.chronicle.tree.OpenFile.Unrecorded.CONTENT;
import static dev.concert.chronicle.tree.OpenFile.Unrecorded.NOTHING;
import static dev.concert.chronicle.tree.OpenFile.Unrecorded.OPENING;

import dev.concert.chronicle.posix.Directory;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.posix.OpenFlags;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** The open files of a tree, and what becomes of their content. Thread-safe. */
final class TreeContents {
  private static final int NOT_PASSED_ON =
      OpenFlags.APPEND
          | OpenFlags.CREATE
          | OpenFlags.EXCLUSIVE
          | OpenFlags.TRUNCATE
          | OpenFlags.DIRECT
          | OpenFlags.DIRECTORY;

  private final Directory root;
  private final Names names;
  private final Ownership ownership;
  private final ChangeNotes changes;
  private final OpenFiles files;
  private final HeldOpen held;

  TreeContents(
      Directory root, Names names, Ownership ownership, ChangeNotes changes, OpenFiles files) {
    this.root = root;
    this.names = names;
    this.ownership = ownership;
    this.changes = changes;
    this.files = files;
    this.held = new HeldOpen(files, changes);
  }

  int truncate(long handle, long size) {
    OpenFile file = files.get(handle);
    int result = changes.changing(file, () -> FileCalls.truncate(file.descriptor(), size));
    changed(file);
    return result;
  }

  long open(String path, int flags) {
    return open(path, flags, wanted -> root.openFile(path, wanted, 0));
  }

  /** Has no name by which it is recorded. */
  long reopen(long handle, int flags) {
    return open("", flags, files.get(handle)::openAgain);
  }

  /**
   * @param opening makes a descriptor, or a negative errno, of flags
   */
  private long open(String path, int flags, IntUnaryOperator opening) {
    int wanted = flags & ~NOT_PASSED_ON;
    if (!OpenFlags.writes(wanted)) {
      int fd = opening.applyAsInt(wanted);
      return fd < 0 ? fd : files.add(new OpenFile(path, fd, true, NOTHING), false);
    }
    long handle = changes.opening(() -> openToWrite(path, wanted, opening));
    return handle >= 0 && OpenFlags.has(flags, OpenFlags.TRUNCATE) ? empty(handle) : handle;
  }

  private long openToWrite(String path, int wanted, IntUnaryOperator opening) {
    // A file that is written is read again when it is recorded.
    int readable = OpenFlags.withAccess(wanted, OpenFlags.READ_WRITE);
    int fd = opening.applyAsInt(readable);
    boolean isReadable = fd >= 0;
    if (fd == -Errno.EACCES && readable != wanted) {
      fd = opening.applyAsInt(wanted);
    }
    return fd < 0 ? fd : files.add(new OpenFile(path, fd, isReadable, NOTHING), true);
  }

  /** Not by opening it: what the file has may have to be read before. */
  private long empty(long handle) {
    OpenFile file = files.get(handle);
    int result = changes.changing(file, () -> FileCalls.truncate(file.descriptor(), 0));
    if (result < 0) {
      files.close(handle);
      return result;
    }
    file.opened();
    return handle;
  }

  long create(String path, int flags, int mode, Caller caller) {
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

  int read(long handle, MemorySegment into, long size, long offset) {
    return FileCalls.read(files.get(handle).descriptor(), into, size, offset);
  }

  int write(long handle, MemorySegment from, long size, long offset) {
    OpenFile file = files.get(handle);
    int written =
        changes.changing(file, () -> FileCalls.write(file.descriptor(), from, size, offset));
    changed(file);
    return written;
  }

  int allocate(long handle, int mode, long offset, long length) {
    OpenFile file = files.get(handle);
    int result =
        changes.changing(file, () -> FileCalls.allocate(file.descriptor(), mode, offset, length));
    changed(file);
    return result;
  }

  long seek(long handle, long offset, int whence) {
    return FileCalls.seek(files.get(handle).descriptor(), offset, whence);
  }

  int copy(long from, long fromOffset, long to, long toOffset, long length) {
    OpenFile source = files.get(from);
    OpenFile target = files.get(to);
    int result =
        changes.changing(
            target,
            () ->
                FileCalls.copy(
                    source.descriptor(), fromOffset, target.descriptor(), toOffset, length));
    changed(target);
    return result;
  }

  /** After the change: a recording that runs at the same time may have read the old content. */
  private void changed(OpenFile file) {
    if (file.changed()) {
      held.watch();
    }
  }

  /** What is there has one name more. */
  void linked(String name) {
    Optional<FileStatus> linked = root.status(name);
    // Opening a pipe would wait for who writes into it.
    if (linked.filter(FileStatus::isRegular).isPresent()) {
      changes.report(() -> recordNow(name));
    } else if (linked.filter(FileStatus::isSymlink).isPresent()) {
      changes.compareSoon();
    }
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

  int flush(long handle) {
    OpenFile file = files.get(handle);
    if (file.unrecorded() == CONTENT) {
      changes.record(file);
    }
    return 0;
  }

  int sync(long handle, boolean dataOnly) {
    OpenFile file = files.get(handle);
    int result = FileCalls.sync(file.descriptor(), dataOnly);
    changes.record(file);
    changes.sync();
    return result;
  }

  int release(long handle) {
    OpenFile file = files.get(handle);
    boolean elsewhere;
    try {
      // Shared memory may have been written back after the last descriptor was closed.
      changes.record(file);
      elsewhere = isSeenElsewhere(file);
    } finally {
      files.close(handle);
    }
    boolean emptiedMeanwhile = file.unrecorded() != NOTHING && !file.path().isEmpty();
    if (elsewhere || emptiedMeanwhile && file.isReadable()) {
      changes.compareSoon();
    }
    return 0;
  }

  /** The name it was opened by is gone, what was written is there by another one. */
  private boolean isSeenElsewhere(OpenFile file) {
    return file.unrecorded() == CONTENT
        && file.path().isEmpty()
        && names.isNamed(Directory.statusOf(file.descriptor()));
  }
}
