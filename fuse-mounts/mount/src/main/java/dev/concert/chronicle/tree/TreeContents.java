package dev.concert.chronicle.tree;

import static dev.concert.chronicle.tree.OpenFile.Unrecorded.CONTENT;
import static dev.concert.chronicle.tree.OpenFile.Unrecorded.NOTHING;
import static dev.concert.chronicle.tree.OpenFile.Unrecorded.OPENING;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.posix.OpenDirectory;
import dev.concert.chronicle.posix.OpenFlags;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** Opens, reads and changes the content of files. Thread-safe. */
final class TreeContents {
  private static final int NOT_PASSED_ON =
      OpenFlags.APPEND
          | OpenFlags.CREATE
          | OpenFlags.EXCLUSIVE
          | OpenFlags.TRUNCATE
          | OpenFlags.DIRECT
          | OpenFlags.DIRECTORY;

  private final OpenDirectory root;
  private final OrphanNames names;
  private final FileOwnership ownership;
  private final ChangeReporter changes;
  private final OpenFiles files;
  private final OpenFileFlusher held;

  TreeContents(
      OpenDirectory root,
      OrphanNames names,
      FileOwnership ownership,
      ChangeReporter changes,
      OpenFiles files) {
    this.root = root;
    this.names = names;
    this.ownership = ownership;
    this.changes = changes;
    this.files = files;
    this.held = new OpenFileFlusher(files, changes);
    changes.recordAgain(this::recordNow);
  }

  int truncate(long handle, long size) {
    OpenFile file = files.get(handle);
    int result =
        changes.changing(
            file, size, Long.MAX_VALUE, () -> FileCalls.truncate(file.descriptor(), size));
    changed(file);
    return result;
  }

  long open(String path, int flags) {
    return open(path, flags, wanted -> root.openFile(path, wanted, 0));
  }

  /** The result has no name, so it is not recorded. */
  long reopen(long handle, int flags) {
    return open("", flags, files.get(handle)::openAgain);
  }

  /**
   * @param opening opens with the given flags; returns a descriptor or a negative errno
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
    // A file that is written is read when it is recorded.
    int readable = OpenFlags.withAccess(wanted, OpenFlags.READ_WRITE);
    int fd = opening.applyAsInt(readable);
    boolean isReadable = fd >= 0;
    if (fd == -Errno.EACCES && readable != wanted) {
      fd = opening.applyAsInt(wanted);
    }
    return fd < 0 ? fd : files.add(toWrite(path, fd, isReadable, NOTHING, wanted), true);
  }

  /** Truncates after opening: the recorder may have to read the old content before. */
  private long empty(long handle) {
    OpenFile file = files.get(handle);
    int result =
        changes.changing(file, 0, Long.MAX_VALUE, () -> FileCalls.truncate(file.descriptor(), 0));
    if (result < 0) {
      files.close(handle);
      return result;
    }
    file.opened();
    return handle;
  }

  long create(String path, int flags, int mode, CallingProcess caller) {
    int wanted = flags & ~NOT_PASSED_ON | OpenFlags.CREATE | OpenFlags.EXCLUSIVE;
    long handle = changes.opening(() -> make(path, wanted, mode, caller));
    return handle == -Errno.EEXIST && !OpenFlags.has(flags, OpenFlags.EXCLUSIVE)
        // Another process created it meanwhile.
        ? open(path, flags)
        : handle;
  }

  private long make(String path, int wanted, int mode, CallingProcess caller) {
    int fd = root.openFile(path, OpenFlags.withAccess(wanted, OpenFlags.READ_WRITE), mode);
    if (fd < 0) {
      return fd;
    }
    ownership.give(path, mode, caller);
    return files.add(toWrite(path, fd, true, OPENING, wanted), true);
  }

  private static OpenFile toWrite(
      String path, int fd, boolean readable, OpenFile.Unrecorded unrecorded, int flags) {
    OpenFile file = new OpenFile(path, fd, readable, unrecorded);
    if (OpenFlags.withAccess(flags, OpenFlags.READ_WRITE) == flags) {
      file.mayBeMapped();
    }
    return file;
  }

  int read(long handle, MemorySegment into, long size, long offset) {
    return FileCalls.read(files.get(handle).descriptor(), into, size, offset);
  }

  int write(long handle, MemorySegment from, long size, long offset) {
    OpenFile file = files.get(handle);
    int written =
        changes.changing(
            file,
            offset,
            offset + size,
            () -> FileCalls.write(file.descriptor(), from, size, offset));
    changed(file);
    return written;
  }

  int allocate(long handle, int mode, long offset, long length) {
    OpenFile file = files.get(handle);
    int result =
        changes.changing(
            file,
            offset,
            offset + length,
            () -> FileCalls.allocate(file.descriptor(), mode, offset, length));
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
            toOffset,
            toOffset + length,
            () ->
                FileCalls.copy(
                    source.descriptor(), fromOffset, target.descriptor(), toOffset, length));
    changed(target);
    return result;
  }

  /**
   * Call this after the change: a record that is made at the same time may have read the old
   * content.
   */
  private void changed(OpenFile file) {
    if (file.changed()) {
      held.watch();
    }
  }

  /** A file got another name. */
  void linked(String name) {
    Optional<FileStatus> linked = root.status(name);
    // Opening a pipe would wait for a writer.
    if (linked.filter(FileStatus::isRegular).isPresent()) {
      changes.report(() -> recordNow(name));
    } else if (linked.filter(FileStatus::isSymlink).isPresent()) {
      changes.report(() -> changes.symlink(name, linked.get(), root.readLink(name)));
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

  /** The name that it was opened by is gone, but it has another one. */
  private boolean isSeenElsewhere(OpenFile file) {
    return file.unrecorded() == CONTENT
        && file.path().isEmpty()
        && names.isNamed(OpenDirectory.statusOf(file.descriptor()));
  }
}
