package dev.concert.chronicle.history;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.journal.History;
import dev.concert.chronicle.posix.DirectoryEntry;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.posix.StatBuffer;
import dev.concert.chronicle.tree.CallingProcess;
import dev.concert.chronicle.tree.FileRef;
import dev.concert.chronicle.tree.FileSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * An overlay that adds {@code .chronicle} to the root of a filesystem; everything else goes to the
 * real one.
 */
public final class HistoryFileSystem implements FileSystem {
  private static final int DIRECTORY = 0040555;
  private static final int FILE = 0100000;
  private static final int LINK = 0120777;
  private static final int READABLE = 0555;
  private static final int TYPE_DIRECTORY = 4;
  private static final int TYPE_UNKNOWN = 0;

  private final FileSystem real;
  private final HistoryTree tree;
  private final HistoryHandles handles;
  private final Set<Long> openRoots = ConcurrentHashMap.newKeySet();

  /**
   * @param history returns the history with everything that happened before the call
   */
  public HistoryFileSystem(FileSystem real, Supplier<History> history, ContentStore contents) {
    this.real = real;
    this.tree = new HistoryTree(history);
    this.handles = new HistoryHandles(contents);
  }

  @Override
  public int status(String path, MemorySegment into) {
    if (!HistoryPath.isHistory(path)) {
      return real.status(path, into);
    }
    return tree.find(path).map(node -> fill(path, node, into)).orElse(-Errno.ENOENT);
  }

  private static int fill(String path, HistoryNode node, MemorySegment into) {
    long inode = inode(path);
    switch (node) {
      case HistoryNode.Folder folder -> StatBuffer.fill(into, inode, DIRECTORY, 2, 0, 0);
      case HistoryNode.Text text ->
          StatBuffer.fill(into, inode, FILE | 0444, 1, text.bytes().length, text.modified());
      case HistoryNode.Version(Iteration iteration) -> {
        int mode =
            iteration.kind() == Kind.SYMLINK ? LINK : FILE | iteration.mode() & READABLE | 0444;
        StatBuffer.fill(into, inode, mode, 1, iteration.size(), iteration.timestamp());
      }
    }
    return 0;
  }

  /** A number that no real file has: disks number their files from the other end. */
  private static long inode(String path) {
    return 1L << 62 | (long) path.hashCode() << 24 ^ path.length();
  }

  @Override
  public int statusOfOpen(long handle, MemorySegment into) {
    if (!HistoryHandles.isHistory(handle)) {
      return real.statusOfOpen(handle, into);
    }
    HistoryHandles.Opened opened = handles.get(handle);
    return fill(opened.path(), opened.node(), into);
  }

  @Override
  public int fileSystemStatus(MemorySegment into) {
    return real.fileSystemStatus(into);
  }

  @Override
  public int readLink(String path, MemorySegment into, long size) {
    if (!HistoryPath.isHistory(path)) {
      return real.readLink(path, into, size);
    }
    Optional<HistoryNode> node = tree.find(path);
    if (node.isEmpty()) {
      return -Errno.ENOENT;
    }
    if (!(node.get() instanceof HistoryNode.Version(Iteration it) && it.kind() == Kind.SYMLINK)) {
      return -Errno.EINVAL;
    }
    byte[] target = handles.bytes(node.get(), 0, (int) Math.min(size, 4096));
    MemorySegment.copy(target, 0, into.reinterpret(size), ValueLayout.JAVA_BYTE, 0, target.length);
    return target.length;
  }

  @Override
  public long openDirectory(String path) {
    if (!HistoryPath.isHistory(path)) {
      long handle = real.openDirectory(path);
      if (handle >= 0 && path.isEmpty()) {
        openRoots.add(handle);
      }
      return handle;
    }
    return switch (tree.find(path).orElse(null)) {
      case null -> -Errno.ENOENT;
      case HistoryNode.Folder folder -> handles.add(path, folder);
      case HistoryNode.Text text -> -Errno.ENOTDIR;
      case HistoryNode.Version version -> -Errno.ENOTDIR;
    };
  }

  @Override
  public int readDirectory(long handle, long position, long piece, DirectoryEntry consumer) {
    if (HistoryHandles.isHistory(handle)) {
      return list(handles.get(handle), (int) position, consumer);
    }
    return real.readDirectory(
        handle, position, piece, openRoots.contains(handle) ? hidingHistory(consumer) : consumer);
  }

  private static DirectoryEntry hidingHistory(DirectoryEntry consumer) {
    return (name, inode, type, next) ->
        HistoryPath.ROOT.contentEquals(name.getString(0))
            || consumer.accept(name, inode, type, next);
  }

  private static int list(HistoryHandles.Opened folder, int position, DirectoryEntry consumer) {
    if (!(folder.node() instanceof HistoryNode.Folder(Set<String> names))) {
      return -Errno.ENOTDIR;
    }
    List<String> all = new ArrayList<>(List.of(".", ".."));
    all.addAll(names);
    try (Arena arena = Arena.ofConfined()) {
      for (int at = position; at < all.size(); at++) {
        long inode = inode(folder.path() + "/" + all.get(at));
        int type = at < 2 ? TYPE_DIRECTORY : TYPE_UNKNOWN;
        if (!consumer.accept(arena.allocateFrom(all.get(at)), inode, type, at + 1)) {
          break;
        }
      }
    }
    return 0;
  }

  @Override
  public int statusIn(long handle, MemorySegment name, MemorySegment into) {
    return HistoryHandles.isHistory(handle) ? -Errno.ENOENT : real.statusIn(handle, name, into);
  }

  @Override
  public long open(String path, int flags) {
    if (!HistoryPath.isHistory(path)) {
      return real.open(path, flags);
    }
    if (OpenFlags.writes(flags) || OpenFlags.has(flags, OpenFlags.TRUNCATE)) {
      return -Errno.EROFS;
    }
    return tree.find(path).map(node -> handles.add(path, node)).orElse((long) -Errno.ENOENT);
  }

  /** A file of the history always has its name. */
  @Override
  public long reopen(long handle, int flags) {
    return HistoryHandles.isHistory(handle) ? -Errno.ENOENT : real.reopen(handle, flags);
  }

  @Override
  public long create(String path, int flags, int mode, CallingProcess caller) {
    return HistoryPath.isHistory(path) ? -Errno.EROFS : real.create(path, flags, mode, caller);
  }

  @Override
  public boolean isSteady(String path) {
    return !HistoryPath.isHistory(path) && real.isSteady(path);
  }

  /** A generated text may have another size the next time. */
  @Override
  public boolean readsDirectly(long handle) {
    return HistoryHandles.isHistory(handle)
        ? handles.get(handle).node() instanceof HistoryNode.Text
        : real.readsDirectly(handle);
  }

  @Override
  public int read(long handle, MemorySegment into, long size, long offset) {
    return HistoryHandles.isHistory(handle)
        ? handles.read(handle, into, size, offset)
        : real.read(handle, into, size, offset);
  }

  @Override
  public int write(long handle, MemorySegment from, long size, long offset) {
    return HistoryHandles.isHistory(handle) ? -Errno.EBADF : real.write(handle, from, size, offset);
  }

  @Override
  public int allocate(long handle, int mode, long offset, long length) {
    return HistoryHandles.isHistory(handle)
        ? -Errno.EBADF
        : real.allocate(handle, mode, offset, length);
  }

  /** The file has no holes, so the kernel finds its end itself. */
  @Override
  public long seek(long handle, long offset, int whence) {
    return HistoryHandles.isHistory(handle) ? -Errno.EOPNOTSUPP : real.seek(handle, offset, whence);
  }

  @Override
  public boolean mayBeMapped(long handle) {
    return !HistoryHandles.isHistory(handle) && real.mayBeMapped(handle);
  }

  /** The kernel reads and writes instead. */
  @Override
  public int copy(long from, long fromOffset, long to, long toOffset, long length) {
    return HistoryHandles.isHistory(from) || HistoryHandles.isHistory(to)
        ? -Errno.EXDEV
        : real.copy(from, fromOffset, to, toOffset, length);
  }

  @Override
  public int flush(long handle) {
    return HistoryHandles.isHistory(handle) ? 0 : real.flush(handle);
  }

  @Override
  public int sync(long handle, boolean dataOnly) {
    return HistoryHandles.isHistory(handle) ? 0 : real.sync(handle, dataOnly);
  }

  @Override
  public int release(long handle) {
    if (!HistoryHandles.isHistory(handle)) {
      openRoots.remove(handle);
      return real.release(handle);
    }
    handles.close(handle);
    return 0;
  }

  @Override
  public int truncateOpen(long handle, long size) {
    return HistoryHandles.isHistory(handle) ? -Errno.EBADF : real.truncateOpen(handle, size);
  }

  @Override
  public int makeNode(String path, int mode, long device, CallingProcess caller) {
    return HistoryPath.isHistory(path) ? -Errno.EROFS : real.makeNode(path, mode, device, caller);
  }

  @Override
  public int makeDirectory(String path, int mode, CallingProcess caller) {
    return HistoryPath.isHistory(path) ? -Errno.EROFS : real.makeDirectory(path, mode, caller);
  }

  @Override
  public int removeDirectory(String path) {
    return HistoryPath.isHistory(path) ? -Errno.EROFS : real.removeDirectory(path);
  }

  @Override
  public int unlink(String path) {
    return HistoryPath.isHistory(path) ? -Errno.EROFS : real.unlink(path);
  }

  @Override
  public int symlink(byte[] target, String path, CallingProcess caller) {
    return HistoryPath.isHistory(path) ? -Errno.EROFS : real.symlink(target, path, caller);
  }

  @Override
  public int rename(String from, String to) {
    return HistoryPath.isHistory(from) || HistoryPath.isHistory(to)
        ? -Errno.EROFS
        : real.rename(from, to);
  }

  @Override
  public int renameToNew(String from, String to) {
    return HistoryPath.isHistory(from) || HistoryPath.isHistory(to)
        ? -Errno.EROFS
        : real.renameToNew(from, to);
  }

  @Override
  public int exchange(String one, String other) {
    return HistoryPath.isHistory(one) || HistoryPath.isHistory(other)
        ? -Errno.EROFS
        : real.exchange(one, other);
  }

  @Override
  public int link(String existing, String name) {
    return HistoryPath.isHistory(existing) || HistoryPath.isHistory(name)
        ? -Errno.EROFS
        : real.link(existing, name);
  }

  @Override
  public int changeMode(String path, int mode) {
    return HistoryPath.isHistory(path) ? -Errno.EROFS : real.changeMode(path, mode);
  }

  @Override
  public int changeOwner(String path, int user, int group) {
    return HistoryPath.isHistory(path) ? -Errno.EROFS : real.changeOwner(path, user, group);
  }

  @Override
  public int changeTimes(String path, MemorySegment times) {
    return HistoryPath.isHistory(path) ? -Errno.EROFS : real.changeTimes(path, times);
  }

  @Override
  public int changeModeOpen(long handle, int mode) {
    return HistoryHandles.isHistory(handle) ? -Errno.EROFS : real.changeModeOpen(handle, mode);
  }

  @Override
  public int changeOwnerOpen(long handle, int user, int group) {
    return HistoryHandles.isHistory(handle)
        ? -Errno.EROFS
        : real.changeOwnerOpen(handle, user, group);
  }

  @Override
  public int changeTimesOpen(long handle, MemorySegment times) {
    return HistoryHandles.isHistory(handle) ? -Errno.EROFS : real.changeTimesOpen(handle, times);
  }

  private static boolean isHistory(FileRef file) {
    return switch (file) {
      case FileRef.Named(String path) -> HistoryPath.isHistory(path);
      case FileRef.Open(long handle) -> HistoryHandles.isHistory(handle);
    };
  }

  @Override
  public int attribute(FileRef file, String attribute, MemorySegment into, long size) {
    return isHistory(file) ? -Errno.ENODATA : real.attribute(file, attribute, into, size);
  }

  @Override
  public int attributes(FileRef file, MemorySegment into, long size) {
    return isHistory(file) ? 0 : real.attributes(file, into, size);
  }

  @Override
  public int setAttribute(FileRef file, String attribute, MemorySegment value, int flags) {
    return isHistory(file) ? -Errno.EROFS : real.setAttribute(file, attribute, value, flags);
  }

  @Override
  public int removeAttribute(FileRef file, String attribute) {
    return isHistory(file) ? -Errno.EROFS : real.removeAttribute(file, attribute);
  }

  @Override
  public int truncate(String path, long size) {
    return HistoryPath.isHistory(path) ? -Errno.EROFS : real.truncate(path, size);
  }

  @Override
  public void close() {
    real.close();
  }
}
