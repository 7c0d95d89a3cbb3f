package dev.concert.chronicle.tree;

import static dev.concert.chronicle.tree.OpenFile.Unrecorded.CONTENT;
import static dev.concert.chronicle.tree.OpenFile.Unrecorded.NOTHING;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.posix.Directory;
import dev.concert.chronicle.posix.DirectoryEntry;
import dev.concert.chronicle.posix.DirectoryReading;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.ExtendedAttributes;
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
  private final Directory root;
  private final Directory orphans;
  private final Ownership ownership;
  private final ChangeNotes changes;
  private final Names names;
  private final OpenFiles files = new OpenFiles();
  private final TreeContents contents;

  private VersionedTree(
      Directory root, Directory orphans, Recorder recorder, Runnable reconciliation) {
    this.root = root;
    this.orphans = orphans;
    this.ownership = Ownership.of(root);
    this.changes = new ChangeNotes(recorder, reconciliation);
    this.names = new Names(orphans, recorder);
    this.contents = new TreeContents(root, names, ownership, changes, files);
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

  @Override
  public int renameToNew(String from, String to) {
    return changes.renaming(
        () -> {
          int result = root.rename(from, to, Directory.NO_REPLACE);
          if (result == 0) {
            renamed(from, to);
          }
          return result;
        });
  }

  @Override
  public int exchange(String one, String other) {
    return changes.renaming(
        () -> {
          int result = root.rename(one, other, Directory.EXCHANGE);
          if (result == 0) {
            files.exchanged(one, other);
            // No history follows: it would be told twice, of names that never were.
            changes.compareSoon();
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
            contents.linked(name);
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
  public int attribute(Place file, String attribute, MemorySegment into, long size) {
    return extended(file).get(attribute, into, size);
  }

  @Override
  public int attributes(Place file, MemorySegment into, long size) {
    return extended(file).list(into, size);
  }

  @Override
  public int setAttribute(Place file, String attribute, MemorySegment value, int flags) {
    return extended(file).set(attribute, value, flags);
  }

  @Override
  public int removeAttribute(Place file, String attribute) {
    return extended(file).remove(attribute);
  }

  private ExtendedAttributes extended(Place file) {
    return switch (file) {
      case Place.Named(String path) -> ExtendedAttributes.of(root, name(path));
      case Place.Open(long handle) -> ExtendedAttributes.of(files.get(handle).descriptor());
    };
  }

  @Override
  public int truncate(String path, long size) {
    return changes.along(path, () -> truncateAt(path, size));
  }

  private int truncateAt(String path, long size) {
    int readable = root.openFile(name(path), OpenFlags.READ_WRITE, 0);
    int fd =
        readable == -Errno.EACCES ? root.openFile(name(path), OpenFlags.WRITE_ONLY, 0) : readable;
    if (fd < 0) {
      return fd;
    }
    try {
      OpenFile file = new OpenFile(path, fd, readable >= 0, CONTENT);
      int result = changes.changing(file, () -> FileCalls.truncate(fd, size));
      if (result == 0 && !(size == 0 && files.emptiedByOpening(path))) {
        changes.record(file);
      }
      return result;
    } finally {
      FileCalls.close(fd);
    }
  }

  @Override
  public int truncateOpen(long handle, long size) {
    return contents.truncate(handle, size);
  }

  @Override
  public long open(String path, int flags) {
    return contents.open(name(path), flags);
  }

  @Override
  public long reopen(long handle, int flags) {
    return contents.reopen(handle, flags);
  }

  @Override
  public long create(String path, int flags, int mode, Caller caller) {
    return contents.create(path, flags, mode, caller);
  }

  @Override
  public int read(long handle, MemorySegment into, long size, long offset) {
    return contents.read(handle, into, size, offset);
  }

  @Override
  public int write(long handle, MemorySegment from, long size, long offset) {
    return contents.write(handle, from, size, offset);
  }

  @Override
  public int allocate(long handle, int mode, long offset, long length) {
    return contents.allocate(handle, mode, offset, length);
  }

  @Override
  public long seek(long handle, long offset, int whence) {
    return contents.seek(handle, offset, whence);
  }

  @Override
  public int copy(long from, long fromOffset, long to, long toOffset, long length) {
    return contents.copy(from, fromOffset, to, toOffset, length);
  }

  @Override
  public int flush(long handle) {
    return contents.flush(handle);
  }

  @Override
  public int sync(long handle, boolean dataOnly) {
    return contents.sync(handle, dataOnly);
  }

  @Override
  public int release(long handle) {
    return contents.release(handle);
  }

  @Override
  public void close() {
    changes.close();
    files.closeAll();
    orphans.close();
    root.close();
  }
}
