package dev.concert.chronicle.fuse;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.tree.FileSystem;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Turns numbers of files into paths, which stay the right ones while they are used: nothing is
 * renamed meanwhile. What is not steady cannot be renamed, and may take long to be found, so that
 * holds up nobody. Thread-safe.
 */
final class PathOrder {
  private final ReentrantReadWriteLock renaming = new ReentrantReadWriteLock();
  private final FileSystem files;
  private final NodeTable nodes;

  PathOrder(FileSystem files, NodeTable nodes) {
    this.files = files;
    this.nodes = nodes;
  }

  /**
   * Works on a file by its name.
   *
   * @throws PosixException with {@link Errno#ESTALE} where it has none any more; the kernel then
   *     looks again for what the process named
   */
  long at(Node node, ToLongFunction<String> work) {
    return steadily(() -> path(node, Errno.ESTALE), work);
  }

  /** Works on a name in a directory. */
  long in(Node folder, String name, ToLongFunction<String> work) {
    return steadily(() -> child(folder, name), work);
  }

  /** The path of a name in a directory. */
  String child(Node folder, String name) {
    String above = path(folder, Errno.ENOENT);
    return above.isEmpty() ? name : above + "/" + name;
  }

  private String path(Node node, int errno) {
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
  int alone(IntSupplier work) {
    renaming.writeLock().lock();
    try {
      return work.getAsInt();
    } finally {
      renaming.writeLock().unlock();
    }
  }
}
