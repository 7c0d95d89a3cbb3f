package dev.concert.chronicle.tree;

import static dev.concert.chronicle.tree.OpenFile.Unrecorded.CONTENT;
import static dev.concert.chronicle.tree.OpenFile.Unrecorded.NOTHING;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.posix.DirectoryEntry;
import dev.concert.chronicle.posix.DirectoryReader;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.ExtendedAttributes;
import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.posix.OpenDirectory;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.posix.StatBuffer;
import dev.concert.chronicle.recording.Recorder;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A folder as a filesystem whose changes are recorded.
 *
 * <p>The kernel of the host gives the semantics; this class notices changes. Content that is
 * written is recorded when a descriptor is closed or synced, and about every second while the file
 * is held open. Before content changes or a name is removed, the recorder may first read the file.
 */
public final class VersionedTree implements FileSystem {
  private final OpenDirectory root;
  private final OpenDirectory orphans;
  private final FileOwnership ownership;
  private final ChangeReporter changes;
  private final OrphanNames names;
  private final OpenFiles files = new OpenFiles();
  private final TreeContents contents;
  private final ConditionalRenames conditions;

  private VersionedTree(
      OpenDirectory root, OpenDirectory orphans, Recorder recorder, Runnable reconciliation) {
    this.root = root;
    this.orphans = orphans;
    this.ownership = FileOwnership.of(root);
    this.changes = new ChangeReporter(recorder, reconciliation);
    this.names = new OrphanNames(orphans, recorder);
    this.contents = new TreeContents(root, names, ownership, changes, files);
    this.conditions = new ConditionalRenames(root, changes);
  }

  /**
   * @param tree folder with the files
   * @param orphans folder on the same disk for files that lose their name before they are read
   */
  public static VersionedTree open(Path tree, Path orphans, Recorder recorder) {
    return open(tree, orphans, recorder, () -> {});
  }

  /**
   * The same for a recorder that may miss something.
   *
   * @param reconciliation compares the tree with the records; runs alone, some time after the
   *     recorder failed
   */
  public static VersionedTree open(
      Path tree, Path orphans, Recorder recorder, Runnable reconciliation) {
    return new VersionedTree(
        OpenDirectory.open(tree), OpenDirectory.open(orphans), recorder, reconciliation);
  }

  private OpenDirectory place(String path) {
    return IncomingNames.isName(path) ? orphans : root;
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
  public int readDirectory(long handle, long position, long piece, DirectoryEntry consumer) {
    return DirectoryReader.read(files.get(handle).descriptor(), position, piece, consumer);
  }

  @Override
  public int statusIn(long handle, MemorySegment name, MemorySegment into) {
    return OpenDirectory.statusIn(files.get(handle).descriptor(), name, into);
  }

  @Override
  public int makeNode(String path, int mode, long device, CallingProcess caller) {
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
  public int makeDirectory(String path, int mode, CallingProcess caller) {
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
    return changes.removing(path, () -> removeName(path));
  }

  private int removeName(String path) {
    int result = names.unlink(root, path);
    if (result == 0) {
      files.removed(path);
    }
    return result;
  }

  @Override
  public int symlink(byte[] target, String path, CallingProcess caller) {
    return changes.making(
        path,
        Kind.SYMLINK,
        Content.of(target),
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
    return conditions.rename(
        from,
        to,
        () -> followed(from, to, names.rename(place(from), from, root, to)),
        () -> removeName(from));
  }

  @Override
  public int renameToNew(String from, String to) {
    return changes.renaming(
        () -> followed(from, to, root.rename(from, to, OpenDirectory.NO_REPLACE)));
  }

  @Override
  public int exchange(String one, String other) {
    return changes.renaming(
        () -> {
          int result = root.rename(one, other, OpenDirectory.EXCHANGE);
          if (result == 0) {
            files.exchanged(one, other);
            changes.exchanged(one, other);
          }
          return result;
        });
  }

  /** Records the present content of a path after a while, under the name that it has then. */
  public void recordLater(String path, Duration delay) {
    changes.again(path, delay);
  }

  /** Compares the tree with the records soon: something may have changed without a report. */
  public void compareSoon() {
    changes.compareSoon();
  }

  private int followed(String from, String to, int result) {
    if (result == 0 && root.status(from).isEmpty()) {
      // Renaming a name of a file to another name of the same file does nothing, so the old name
      // stays.
      files.renamed(from, to);
      changes.renamed(from, to);
    }
    return result;
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
  public int attribute(FileRef file, String attribute, MemorySegment into, long size) {
    return extended(file).get(attribute, into, size);
  }

  @Override
  public int attributes(FileRef file, MemorySegment into, long size) {
    return extended(file).list(into, size);
  }

  @Override
  public int setAttribute(FileRef file, String attribute, MemorySegment value, int flags) {
    return extended(file).set(attribute, value, flags);
  }

  @Override
  public int removeAttribute(FileRef file, String attribute) {
    return extended(file).remove(attribute);
  }

  private ExtendedAttributes extended(FileRef file) {
    return switch (file) {
      case FileRef.Named(String path) -> ExtendedAttributes.of(root, name(path));
      case FileRef.Open(long handle) -> ExtendedAttributes.of(files.get(handle).descriptor());
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
      int result = changes.changing(file, size, Long.MAX_VALUE, () -> FileCalls.truncate(fd, size));
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
  public long create(String path, int flags, int mode, CallingProcess caller) {
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
  public boolean mayBeMapped(long handle) {
    return files.isMappable(files.get(handle).inode());
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
