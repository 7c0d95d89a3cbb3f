package dev.concert.chronicle.tree;

import dev.concert.chronicle.posix.DirectoryEntry;
import java.lang.foreign.MemorySegment;

/**
 * A filesystem as the kernel asks one: every method answers 0 or more, or a negative errno, or
 * throws. Memory belongs to the caller and is valid only during the call. Where a handle comes with
 * a path, that is the path it has now, or empty when it has none any more. Thread-safe; calls
 * block.
 */
public interface FileSystem {
  /** Fills a {@code struct stat}. */
  int status(String path, MemorySegment into);

  int statusOfOpen(long handle, MemorySegment into);

  /** Fills a {@code struct statvfs}. */
  int fileSystemStatus(MemorySegment into);

  /** Writes the target, without a closing NUL; answers with its length. */
  int readLink(String path, MemorySegment into, long size);

  int list(String path, DirectoryEntry taker);

  int makeNode(String path, int mode, long device, Caller caller);

  int makeDirectory(String path, int mode, Caller caller);

  int removeDirectory(String path);

  int unlink(String path);

  int symlink(String target, String path, Caller caller);

  int rename(String from, String to);

  int link(String existing, String name);

  int changeMode(String path, int mode);

  /** An id of -1 stays as it is. */
  int changeOwner(String path, int user, int group);

  /**
   * @param times two {@code struct timespec}: access, modification
   */
  int changeTimes(String path, MemorySegment times);

  int truncate(String path, long size);

  int truncateOpen(long handle, long size);

  /** Answers with a handle. */
  long open(String path, int flags);

  /** Makes and opens a file; answers with a handle. */
  long create(String path, int flags, int mode, Caller caller);

  /** Whether nobody but this path changes the content, so that the kernel may keep its pages. */
  boolean keepsPages(long handle);

  /** Whether reads shall pass the kernel's pages, because the size is not known before. */
  default boolean readsDirectly(long handle) {
    return false;
  }

  int read(long handle, MemorySegment into, long size, long offset);

  int write(long handle, MemorySegment from, long size, long offset);

  int allocate(long handle, int mode, long offset, long length);

  /** One of the descriptors of the handle was closed. What was written is recorded by it. */
  int flush(String path, long handle);

  int sync(String path, long handle, boolean dataOnly);

  /** Nobody uses the handle any more. */
  int release(String path, long handle);

  /** Nothing can be asked afterwards. */
  void close();
}
