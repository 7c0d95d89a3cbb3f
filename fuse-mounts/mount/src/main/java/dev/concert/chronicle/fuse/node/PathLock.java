package dev.concert.chronicle.fuse.node;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.tree.FileSystem;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Turns node numbers into paths and keeps the paths valid while they are used: no rename runs at
 * the same time. A path that is not steady cannot be renamed and may take long to resolve, so it
 * holds no lock. Thread-safe.
 */
public final class PathLock {
  private final ReentrantReadWriteLock renaming = new ReentrantReadWriteLock();
  private final FileSystem files;
  private final NodeTable nodes;

  public PathLock(FileSystem files, NodeTable nodes) {
    this.files = files;
    this.nodes = nodes;
  }

  /**
   * Works on a file by its name.
   *
   * @throws PosixException with {@link Errno#ESTALE} if the file has no name any more; the kernel
   *     then looks the name up again
   */
  public long at(FileNode node, ToLongFunction<String> work) {
    return steadily(() -> path(node, Errno.ESTALE), work);
  }

  /** Works on a name in a directory. */
  public long in(FileNode folder, String name, ToLongFunction<String> work) {
    return steadily(() -> child(folder, name), work);
  }

  /** The path of a name in a directory. */
  public String child(FileNode folder, String name) {
    String above = path(folder, Errno.ENOENT);
    return above.isEmpty() ? name : above + "/" + name;
  }

  private String path(FileNode node, int errno) {
    return nodes.path(node).orElseThrow(() -> new PosixException(errno, "name that is gone"));
  }

  private long steadily(Supplier<String> naming, ToLongFunction<String> work) {
    renaming.readLock().lock();
    boolean held = true;
    try {
      String path = naming.get();
      if (!files.isSteady(path)) {
        renaming.readLock().unlock();
        held = false;
      }
      return work.applyAsLong(path);
    } finally {
      if (held) {
        renaming.readLock().unlock();
      }
    }
  }

  /** Changes names. */
  public int alone(IntSupplier work) {
    renaming.writeLock().lock();
    try {
      return work.getAsInt();
    } finally {
      renaming.writeLock().unlock();
    }
  }
}
