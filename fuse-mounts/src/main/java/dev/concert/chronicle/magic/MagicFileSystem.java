package dev.concert.chronicle.magic;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.History;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.posix.DirectoryEntry;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.posix.StatBuffer;
import dev.concert.chronicle.tree.Caller;
import dev.concert.chronicle.tree.FileSystem;
import dev.concert.chronicle.tree.Place;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** A filesystem with {@code .chronicle} in its root; everything else is the real one's business. */
public final class MagicFileSystem implements FileSystem {
  private static final int DIRECTORY = 0040555;
  private static final int FILE = 0100000;
  private static final int LINK = 0120777;
  private static final int READABLE = 0555;
  private static final int TYPE_DIRECTORY = 4;
  private static final int TYPE_UNKNOWN = 0;

  private final FileSystem real;
  private final MagicTree tree;
  private final MagicHandles handles;
  private final Set<Long> openRoots = ConcurrentHashMap.newKeySet();

  /**
   * @param history with everything that happened before it is asked for
   */
  public MagicFileSystem(FileSystem real, Supplier<History> history, ContentStore contents) {
    this.real = real;
    this.tree = new MagicTree(history);
    this.handles = new MagicHandles(contents);
  }

  @Override
  public int status(String path, MemorySegment into) {
    if (!MagicPath.isMagic(path)) {
      return real.status(path, into);
    }
    return tree.find(path).map(node -> fill(path, node, into)).orElse(-Errno.ENOENT);
  }

  private static int fill(String path, Node node, MemorySegment into) {
    long inode = inode(path);
    switch (node) {
      case Node.Folder folder -> StatBuffer.fill(into, inode, DIRECTORY, 2, 0, 0);
      case Node.Text text ->
          StatBuffer.fill(into, inode, FILE | 0444, 1, text.bytes().length, text.modified());
      case Node.Version(Iteration iteration) -> {
        int mode =
            iteration.kind() == Kind.SYMLINK ? LINK : FILE | iteration.mode() & READABLE | 0444;
        StatBuffer.fill(into, inode, mode, 1, iteration.size(), iteration.timestamp());
      }
    }
    return 0;
  }

  /** Of no real file: disks count theirs from the other end. */
  private static long inode(String path) {
    return 1L << 62 | (long) path.hashCode() << 24 ^ path.length();
  }

  @Override
  public int statusOfOpen(long handle, MemorySegment into) {
    if (!MagicHandles.isMagic(handle)) {
      return real.statusOfOpen(handle, into);
    }
    MagicHandles.Opened opened = handles.get(handle);
    return fill(opened.path(), opened.node(), into);
  }

  @Override
  public int fileSystemStatus(MemorySegment into) {
    return real.fileSystemStatus(into);
  }

  @Override
  public int readLink(String path, MemorySegment into, long size) {
    if (!MagicPath.isMagic(path)) {
      return real.readLink(path, into, size);
    }
    Optional<Node> node = tree.find(path);
    if (node.isEmpty()) {
      return -Errno.ENOENT;
    }
    if (!(node.get() instanceof Node.Version(Iteration it) && it.kind() == Kind.SYMLINK)) {
      return -Errno.EINVAL;
    }
    byte[] target = handles.bytes(node.get(), 0, (int) Math.min(size, 4096));
    MemorySegment.copy(target, 0, into.reinterpret(size), ValueLayout.JAVA_BYTE, 0, target.length);
    return target.length;
  }

  @Override
  public long openDirectory(String path) {
    if (!MagicPath.isMagic(path)) {
      long handle = real.openDirectory(path);
      if (handle >= 0 && path.isEmpty()) {
        openRoots.add(handle);
      }
      return handle;
    }
    return switch (tree.find(path).orElse(null)) {
      case null -> -Errno.ENOENT;
      case Node.Folder folder -> handles.add(path, folder);
      case Node.Text text -> -Errno.ENOTDIR;
      case Node.Version version -> -Errno.ENOTDIR;
    };
  }

  @Override
  public int readDirectory(long handle, long position, long piece, DirectoryEntry taker) {
    if (MagicHandles.isMagic(handle)) {
      return list(handles.get(handle), (int) position, taker);
    }
    return real.readDirectory(
        handle, position, piece, openRoots.contains(handle) ? hidingMagic(taker) : taker);
  }

  private static DirectoryEntry hidingMagic(DirectoryEntry taker) {
    return (name, inode, type, next) ->
        MagicPath.ROOT.contentEquals(name.getString(0)) || taker.accept(name, inode, type, next);
  }

  private static int list(MagicHandles.Opened folder, int position, DirectoryEntry taker) {
    if (!(folder.node() instanceof Node.Folder(Set<String> names))) {
      return -Errno.ENOTDIR;
    }
    List<String> all = new ArrayList<>(List.of(".", ".."));
    all.addAll(names);
    try (Arena arena = Arena.ofConfined()) {
      for (int at = position; at < all.size(); at++) {
        long inode = inode(folder.path() + "/" + all.get(at));
        int type = at < 2 ? TYPE_DIRECTORY : TYPE_UNKNOWN;
        if (!taker.accept(arena.allocateFrom(all.get(at)), inode, type, at + 1)) {
          break;
        }
      }
    }
    return 0;
  }

  @Override
  public int statusIn(long handle, MemorySegment name, MemorySegment into) {
    return MagicHandles.isMagic(handle) ? -Errno.ENOENT : real.statusIn(handle, name, into);
  }

  @Override
  public long open(String path, int flags) {
    if (!MagicPath.isMagic(path)) {
      return real.open(path, flags);
    }
    if (OpenFlags.writes(flags) || OpenFlags.has(flags, OpenFlags.TRUNCATE)) {
      return -Errno.EROFS;
    }
    return tree.find(path).map(node -> handles.add(path, node)).orElse((long) -Errno.ENOENT);
  }

  /** What is magic always has its name. */
  @Override
  public long reopen(long handle, int flags) {
    return MagicHandles.isMagic(handle) ? -Errno.ENOENT : real.reopen(handle, flags);
  }

  @Override
  public long create(String path, int flags, int mode, Caller caller) {
    return MagicPath.isMagic(path) ? -Errno.EROFS : real.create(path, flags, mode, caller);
  }

  @Override
  public boolean isSteady(String path) {
    return !MagicPath.isMagic(path) && real.isSteady(path);
  }

  /** What is written for the question has another size the next time. */
  @Override
  public boolean readsDirectly(long handle) {
    return MagicHandles.isMagic(handle)
        ? handles.get(handle).node() instanceof Node.Text
        : real.readsDirectly(handle);
  }

  @Override
  public int read(long handle, MemorySegment into, long size, long offset) {
    return MagicHandles.isMagic(handle)
        ? handles.read(handle, into, size, offset)
        : real.read(handle, into, size, offset);
  }

  @Override
  public int write(long handle, MemorySegment from, long size, long offset) {
    return MagicHandles.isMagic(handle) ? -Errno.EBADF : real.write(handle, from, size, offset);
  }

  @Override
  public int allocate(long handle, int mode, long offset, long length) {
    return MagicHandles.isMagic(handle)
        ? -Errno.EBADF
        : real.allocate(handle, mode, offset, length);
  }

  /** The kernel knows itself where a file ends that is one piece of data. */
  @Override
  public long seek(long handle, long offset, int whence) {
    return MagicHandles.isMagic(handle) ? -Errno.EOPNOTSUPP : real.seek(handle, offset, whence);
  }

  /** From here it is read and written instead. */
  @Override
  public int copy(long from, long fromOffset, long to, long toOffset, long length) {
    return MagicHandles.isMagic(from) || MagicHandles.isMagic(to)
        ? -Errno.EXDEV
        : real.copy(from, fromOffset, to, toOffset, length);
  }

  @Override
  public int flush(long handle) {
    return MagicHandles.isMagic(handle) ? 0 : real.flush(handle);
  }

  @Override
  public int sync(long handle, boolean dataOnly) {
    return MagicHandles.isMagic(handle) ? 0 : real.sync(handle, dataOnly);
  }

  @Override
  public int release(long handle) {
    if (!MagicHandles.isMagic(handle)) {
      openRoots.remove(handle);
      return real.release(handle);
    }
    handles.close(handle);
    return 0;
  }

  @Override
  public int truncateOpen(long handle, long size) {
    return MagicHandles.isMagic(handle) ? -Errno.EBADF : real.truncateOpen(handle, size);
  }

  @Override
  public int makeNode(String path, int mode, long device, Caller caller) {
    return MagicPath.isMagic(path) ? -Errno.EROFS : real.makeNode(path, mode, device, caller);
  }

  @Override
  public int makeDirectory(String path, int mode, Caller caller) {
    return MagicPath.isMagic(path) ? -Errno.EROFS : real.makeDirectory(path, mode, caller);
  }

  @Override
  public int removeDirectory(String path) {
    return MagicPath.isMagic(path) ? -Errno.EROFS : real.removeDirectory(path);
  }

  @Override
  public int unlink(String path) {
    return MagicPath.isMagic(path) ? -Errno.EROFS : real.unlink(path);
  }

  @Override
  public int symlink(String target, String path, Caller caller) {
    return MagicPath.isMagic(path) ? -Errno.EROFS : real.symlink(target, path, caller);
  }

  @Override
  public int rename(String from, String to) {
    return MagicPath.isMagic(from) || MagicPath.isMagic(to) ? -Errno.EROFS : real.rename(from, to);
  }

  @Override
  public int renameToNew(String from, String to) {
    return MagicPath.isMagic(from) || MagicPath.isMagic(to)
        ? -Errno.EROFS
        : real.renameToNew(from, to);
  }

  @Override
  public int exchange(String one, String other) {
    return MagicPath.isMagic(one) || MagicPath.isMagic(other)
        ? -Errno.EROFS
        : real.exchange(one, other);
  }

  @Override
  public int link(String existing, String name) {
    return MagicPath.isMagic(existing) || MagicPath.isMagic(name)
        ? -Errno.EROFS
        : real.link(existing, name);
  }

  @Override
  public int changeMode(String path, int mode) {
    return MagicPath.isMagic(path) ? -Errno.EROFS : real.changeMode(path, mode);
  }

  @Override
  public int changeOwner(String path, int user, int group) {
    return MagicPath.isMagic(path) ? -Errno.EROFS : real.changeOwner(path, user, group);
  }

  @Override
  public int changeTimes(String path, MemorySegment times) {
    return MagicPath.isMagic(path) ? -Errno.EROFS : real.changeTimes(path, times);
  }

  @Override
  public int changeModeOpen(long handle, int mode) {
    return MagicHandles.isMagic(handle) ? -Errno.EROFS : real.changeModeOpen(handle, mode);
  }

  @Override
  public int changeOwnerOpen(long handle, int user, int group) {
    return MagicHandles.isMagic(handle) ? -Errno.EROFS : real.changeOwnerOpen(handle, user, group);
  }

  @Override
  public int changeTimesOpen(long handle, MemorySegment times) {
    return MagicHandles.isMagic(handle) ? -Errno.EROFS : real.changeTimesOpen(handle, times);
  }

  private static boolean isMagic(Place file) {
    return switch (file) {
      case Place.Named(String path) -> MagicPath.isMagic(path);
      case Place.Open(long handle) -> MagicHandles.isMagic(handle);
    };
  }

  @Override
  public int attribute(Place file, String attribute, MemorySegment into, long size) {
    return isMagic(file) ? -Errno.ENODATA : real.attribute(file, attribute, into, size);
  }

  @Override
  public int attributes(Place file, MemorySegment into, long size) {
    return isMagic(file) ? 0 : real.attributes(file, into, size);
  }

  @Override
  public int setAttribute(Place file, String attribute, MemorySegment value, int flags) {
    return isMagic(file) ? -Errno.EROFS : real.setAttribute(file, attribute, value, flags);
  }

  @Override
  public int removeAttribute(Place file, String attribute) {
    return isMagic(file) ? -Errno.EROFS : real.removeAttribute(file, attribute);
  }

  @Override
  public int truncate(String path, long size) {
    return MagicPath.isMagic(path) ? -Errno.EROFS : real.truncate(path, size);
  }

  @Override
  public void close() {
    real.close();
  }
}
