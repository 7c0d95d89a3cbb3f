package dev.concert.chronicle.tree;

import dev.concert.chronicle.posix.DirectoryEntry;
import java.lang.foreign.MemorySegment;

/**
 * A filesystem as the kernel asks one: every method answers 0 or more, or a negative errno, or
 * throws. Paths are relative to the root, which is the empty path. Memory belongs to the caller and
 * is valid only during the call. Thread-safe; calls block.
 */
public interface FileSystem {
  /** Fills a {@code struct stat}. */
  int status(String path, MemorySegment into);

  int statusOfOpen(long handle, MemorySegment into);

  /** Fills a {@code struct statvfs}. */
  int fileSystemStatus(MemorySegment into);

  /** Writes the target, without a closing NUL; answers with its length. */
  int readLink(String path, MemorySegment into, long size);

  /** Answers with a handle, for reading the directory. */
  long openDirectory(String path);

  /**
   * Hands over entries; see {@link dev.concert.chronicle.posix.DirectoryReading}. One call at a
   * time for each handle.
   *
   * @param position 0, or what came with the last entry that was taken
   * @param piece how many bytes of entries are wanted, about
   */
  int readDirectory(long handle, long position, long piece, DirectoryEntry taker);

  /**
   * Fills a {@code struct stat} for a name in an open directory.
   *
   * @param name C string
   */
  int statusIn(long handle, MemorySegment name, MemorySegment into);

  int makeNode(String path, int mode, long device, Caller caller);

  int makeDirectory(String path, int mode, Caller caller);

  int removeDirectory(String path);

  int unlink(String path);

  int symlink(String target, String path, Caller caller);

  int rename(String from, String to);

  /** Refuses to replace anything. */
  int renameToNew(String from, String to);

  /** Two files or folders change places. */
  int exchange(String one, String other);

  int link(String existing, String name);

  int changeMode(String path, int mode);

  /** An id of -1 stays as it is. */
  int changeOwner(String path, int user, int group);

  /**
   * @param times two {@code struct timespec}: access, modification
   */
  int changeTimes(String path, MemorySegment times);

  int changeModeOpen(long handle, int mode);

  int changeOwnerOpen(long handle, int user, int group);

  int changeTimesOpen(long handle, MemorySegment times);

  /**
   * Fills the memory with the value of an extended attribute; answers with its length. With a size
   * of 0 nothing is filled.
   */
  int attribute(Place file, String attribute, MemorySegment into, long size);

  /** The same with the names of all extended attributes, each closed by a NUL. */
  int attributes(Place file, MemorySegment into, long size);

  /**
   * @param flags as {@code setxattr(2)} has them
   */
  int setAttribute(Place file, String attribute, MemorySegment value, int flags);

  int removeAttribute(Place file, String attribute);

  int truncate(String path, long size);

  int truncateOpen(long handle, long size);

  /** Answers with a handle. */
  long open(String path, int flags);

  /**
   * Opens again, with access of its own, a file or folder that may have no name any more; answers
   * with a handle.
   */
  long reopen(long handle, int flags);

  /** Makes and opens a file; answers with a handle. */
  long create(String path, int flags, int mode, Caller caller);

  /**
   * Whether what is at a path changes only by calls of this filesystem, so that the kernel may go
   * on using what it knows of it.
   */
  default boolean isSteady(String path) {
    return true;
  }

  /** Whether reads shall pass the kernel's pages, because the size is not known before. */
  default boolean readsDirectly(long handle) {
    return false;
  }

  int read(long handle, MemorySegment into, long size, long offset);

  int write(long handle, MemorySegment from, long size, long offset);

  int allocate(long handle, int mode, long offset, long length);

  /**
   * Where data or a hole begins.
   *
   * @param whence as {@code lseek(2)} has it
   * @return the position, or a negative errno
   */
  long seek(long handle, long offset, int whence);

  /** Copies between two open files; answers with the bytes copied. */
  int copy(long from, long fromOffset, long to, long toOffset, long length);

  /** One of the descriptors of the handle was closed. What was written is recorded by it. */
  int flush(long handle);

  int sync(long handle, boolean dataOnly);

  /** Nobody uses the handle any more. */
  int release(long handle);

  /** Nothing can be asked afterwards. */
  void close();
}
