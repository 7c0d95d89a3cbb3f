package dev.concert.chronicle.quota;

import dev.concert.chronicle.posix.DirectoryEntry;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.tree.CallingProcess;
import dev.concert.chronicle.tree.FileRef;
import dev.concert.chronicle.tree.FileSystem;
import dev.concert.chronicle.tree.IncomingNames;
import java.lang.foreign.MemorySegment;
import java.util.function.IntSupplier;

/**
 * A filesystem with a quota: what would pass it answers {@code ENOSPC}, and what is freed can be
 * used again at once. The size of the disk that programs see is the quota. Everything else goes to
 * the filesystem below.
 */
public final class QuotaFileSystem implements FileSystem {
  private static final int PUNCH_HOLE = 2;

  private final FileSystem real;
  private final DiskUsage usage;
  private final OpenedFiles opened;
  private final FileAccounts accounts;
  private final WriteRoom room;
  private final Runnable onClose;

  /**
   * @param real reports allocated blocks as the disk has them
   * @param onClose runs when nothing changes the count any more
   */
  public QuotaFileSystem(FileSystem real, DiskUsage usage, Runnable onClose) {
    this.real = real;
    this.usage = usage;
    this.opened = new OpenedFiles(usage);
    this.accounts = new FileAccounts(real, usage, opened);
    this.room = new WriteRoom(real, usage);
    this.onClose = onClose;
  }

  /** What files take that have no name any more, but are open: no look at the disk finds them. */
  DiskUsage.Amount nameless() {
    return opened.nameless();
  }

  /** Something with a new name takes an inode, and what the disk allocates for it. */
  private int making(String path, IntSupplier work) {
    if (!usage.reserveFiles(0, 1)) {
      return WriteRoom.full();
    }
    int result = work.getAsInt();
    usage.add(result < 0 ? 0 : accounts.at(path).bytes(), result < 0 ? -1 : 0);
    return result;
  }

  @Override
  public int makeNode(String path, int mode, long device, CallingProcess caller) {
    return making(path, () -> real.makeNode(path, mode, device, caller));
  }

  @Override
  public int makeDirectory(String path, int mode, CallingProcess caller) {
    return making(path, () -> real.makeDirectory(path, mode, caller));
  }

  @Override
  public int symlink(byte[] target, String path, CallingProcess caller) {
    return making(path, () -> real.symlink(target, path, caller));
  }

  @Override
  public int removeDirectory(String path) {
    return accounts.removing(path, () -> real.removeDirectory(path));
  }

  @Override
  public int unlink(String path) {
    return accounts.removing(path, () -> real.unlink(path));
  }

  @Override
  public int rename(String from, String to) {
    if (IncomingNames.isRemoval(to)) {
      return accounts.removing(from, () -> real.rename(from, to));
    }
    Allocation moved = accounts.at(from);
    Allocation replaced = accounts.at(to);
    // Two names of one file: nothing happens.
    boolean ends = replaced.isThere() && replaced.inode() != moved.inode();
    if (IncomingNames.isName(from)) {
      return arriving(from, to, moved, ends ? replaced : Allocation.NONE);
    }
    int result = real.rename(from, to);
    if (result == 0 && ends) {
      accounts.gone(replaced);
    }
    return result;
  }

  /** An upload is written beside the tree: it counts from here on. */
  private int arriving(String from, String to, Allocation arrived, Allocation replaced) {
    boolean frees = replaced.hasOneName() && !opened.isOpen(replaced.inode());
    long bytes = arrived.bytes() - (frees ? replaced.bytes() : 0);
    long files = frees ? 0 : 1;
    if (!usage.reserveFiles(bytes, files)) {
      return WriteRoom.full();
    }
    int result = real.rename(from, to);
    if (result < 0) {
      usage.add(-bytes, -files);
    } else if (!frees) {
      accounts.gone(replaced);
    }
    return result;
  }

  @Override
  public int truncate(String path, long size) {
    return accounts.changing(path, () -> real.truncate(path, size));
  }

  @Override
  public int truncateOpen(long handle, long size) {
    return growing(handle, 0, 0, () -> real.truncateOpen(handle, size));
  }

  @Override
  public long open(String path, int flags) {
    Allocation before =
        OpenFlags.has(flags, OpenFlags.TRUNCATE) ? accounts.at(path) : Allocation.NONE;
    long handle = real.open(path, flags);
    if (handle >= 0) {
      Allocation now = accounts.behind(handle);
      if (before.isThere() && before.inode() == now.inode()) {
        opened.changed(now.inode(), before.bytes(), now.bytes());
      }
      accounts.opened(handle);
    }
    return handle;
  }

  @Override
  public long reopen(long handle, int flags) {
    long again = real.reopen(handle, flags);
    if (again >= 0) {
      accounts.opened(again);
    }
    return again;
  }

  @Override
  public long create(String path, int flags, int mode, CallingProcess caller) {
    boolean fits = usage.reserveFiles(0, 1);
    long handle =
        fits ? real.create(path, flags | OpenFlags.EXCLUSIVE, mode, caller) : refusal(path);
    if (handle < 0) {
      usage.add(0, fits ? -1 : 0);
      boolean opens = handle == -Errno.EEXIST && !OpenFlags.has(flags, OpenFlags.EXCLUSIVE);
      return opens ? open(path, flags & ~OpenFlags.CREATE) : handle;
    }
    usage.add(accounts.opened(handle).bytes(), 0);
    return handle;
  }

  private int refusal(String path) {
    return accounts.at(path).isThere() ? -Errno.EEXIST : WriteRoom.full();
  }

  @Override
  public int write(long handle, MemorySegment from, long size, long offset) {
    long whole = room.reserve(handle, offset, size);
    long fits = whole < 0 ? room.fitting(offset, size) : size;
    long reserved = whole < 0 && fits > 0 ? room.reserve(handle, offset, fits) : whole;
    if (reserved < 0) {
      return WriteRoom.full();
    }
    try {
      return real.write(handle, from, fits, offset);
    } finally {
      accounts.settle(handle, reserved);
    }
  }

  @Override
  public int allocate(long handle, int mode, long offset, long length) {
    return growing(
        handle,
        offset,
        (mode & PUNCH_HOLE) == 0 ? length : 0,
        () -> real.allocate(handle, mode, offset, length));
  }

  @Override
  public int copy(long from, long fromOffset, long to, long toOffset, long length) {
    long there = Math.max(0, Math.min(length, accounts.behind(from).size() - fromOffset));
    return growing(to, toOffset, there, () -> real.copy(from, fromOffset, to, toOffset, length));
  }

  private int growing(long handle, long offset, long length, IntSupplier work) {
    long reserved = room.reserve(handle, offset, length);
    if (reserved < 0) {
      return WriteRoom.full();
    }
    try {
      return work.getAsInt();
    } finally {
      accounts.settle(handle, reserved);
    }
  }

  @Override
  public int release(long handle) {
    // The disk may have taken back what it had allocated in advance.
    opened.of(handle).ifPresent(file -> accounts.settle(handle, 0));
    try {
      return real.release(handle);
    } finally {
      opened.close(handle);
    }
  }

  @Override
  public int fileSystemStatus(MemorySegment into) {
    int result = real.fileSystemStatus(into);
    if (result == 0) {
      room.describe(into);
    }
    return result;
  }

  @Override
  public void close() {
    real.close();
    onClose.run();
  }

  @Override
  public int status(String path, MemorySegment into) {
    return real.status(path, into);
  }

  @Override
  public int statusOfOpen(long handle, MemorySegment into) {
    return real.statusOfOpen(handle, into);
  }

  @Override
  public int readLink(String path, MemorySegment into, long size) {
    return real.readLink(path, into, size);
  }

  @Override
  public long openDirectory(String path) {
    return real.openDirectory(path);
  }

  @Override
  public int readDirectory(long handle, long position, long piece, DirectoryEntry consumer) {
    return real.readDirectory(handle, position, piece, consumer);
  }

  @Override
  public int statusIn(long handle, MemorySegment name, MemorySegment into) {
    return real.statusIn(handle, name, into);
  }

  @Override
  public int renameToNew(String from, String to) {
    return real.renameToNew(from, to);
  }

  @Override
  public int exchange(String one, String other) {
    return real.exchange(one, other);
  }

  @Override
  public int link(String existing, String name) {
    return real.link(existing, name);
  }

  @Override
  public int changeMode(String path, int mode) {
    return real.changeMode(path, mode);
  }

  @Override
  public int changeOwner(String path, int user, int group) {
    return real.changeOwner(path, user, group);
  }

  @Override
  public int changeTimes(String path, MemorySegment times) {
    return real.changeTimes(path, times);
  }

  @Override
  public int changeModeOpen(long handle, int mode) {
    return real.changeModeOpen(handle, mode);
  }

  @Override
  public int changeOwnerOpen(long handle, int user, int group) {
    return real.changeOwnerOpen(handle, user, group);
  }

  @Override
  public int changeTimesOpen(long handle, MemorySegment times) {
    return real.changeTimesOpen(handle, times);
  }

  @Override
  public int attribute(FileRef file, String attribute, MemorySegment into, long size) {
    return real.attribute(file, attribute, into, size);
  }

  @Override
  public int attributes(FileRef file, MemorySegment into, long size) {
    return real.attributes(file, into, size);
  }

  @Override
  public int setAttribute(FileRef file, String attribute, MemorySegment value, int flags) {
    return accounts.describing(file, () -> real.setAttribute(file, attribute, value, flags));
  }

  @Override
  public int removeAttribute(FileRef file, String attribute) {
    return accounts.describing(file, () -> real.removeAttribute(file, attribute));
  }

  @Override
  public boolean isSteady(String path) {
    return real.isSteady(path);
  }

  @Override
  public boolean readsDirectly(long handle) {
    return real.readsDirectly(handle);
  }

  @Override
  public boolean mayBeMapped(long handle) {
    return real.mayBeMapped(handle);
  }

  @Override
  public int read(long handle, MemorySegment into, long size, long offset) {
    return real.read(handle, into, size, offset);
  }

  @Override
  public long seek(long handle, long offset, int whence) {
    return real.seek(handle, offset, whence);
  }

  @Override
  public int flush(long handle) {
    return real.flush(handle);
  }

  @Override
  public int sync(long handle, boolean dataOnly) {
    return real.sync(handle, dataOnly);
  }
}
