package dev.concert.chronicle.tree;

import dev.concert.chronicle.posix.DirectoryEntry;
import java.lang.foreign.MemorySegment;

/**
 * The operations of a filesystem, as the kernel requests them. Every method returns 0 or more, or a
 * negative errno, or throws. Paths are relative to the root, which is the empty path. Memory
 * belongs to the caller and is valid only during the call. Thread-safe; calls block.
 */
public interface FileSystem {
  /** Fills a {@code struct stat}. */
  int status(String path, MemorySegment into);

  int statusOfOpen(long handle, MemorySegment into);

  /** Fills a {@code struct statvfs}. */
  int fileSystemStatus(MemorySegment into);

  /** Writes the target without a closing NUL and returns its length. */
  int readLink(String path, MemorySegment into, long size);

  /** Opens a directory and returns a handle. */
  long openDirectory(String path);

  /**
   * Passes entries to a consumer; see {@link dev.concert.chronicle.posix.DirectoryReader}. One call
   * at a time for each handle.
   *
   * @param position 0, or the position that came with the last entry that was taken
   * @param piece about how many bytes of entries to read
   */
  int readDirectory(long handle, long position, long piece, DirectoryEntry consumer);

  /**
   * Fills a {@code struct stat} for a name in an open directory.
   *
   * @param name C string
   */
  int statusIn(long handle, MemorySegment name, MemorySegment into);

  int makeNode(String path, int mode, long device, CallingProcess caller);

  int makeDirectory(String path, int mode, CallingProcess caller);

  int removeDirectory(String path);

  int unlink(String path);

  int symlink(byte[] target, String path, CallingProcess caller);

  int rename(String from, String to);

  /** Renames; fails if the target exists. */
  int renameToNew(String from, String to);

  /** Exchanges two files or folders. */
  int exchange(String one, String other);

  int link(String existing, String name);

  int changeMode(String path, int mode);

  /** An id of -1 is left as it is. */
  int changeOwner(String path, int user, int group);

  /**
   * @param times two {@code struct timespec}: access, modification
   */
  int changeTimes(String path, MemorySegment times);

  int changeModeOpen(long handle, int mode);

  int changeOwnerOpen(long handle, int user, int group);

  int changeTimesOpen(long handle, MemorySegment times);

  /**
   * Fills the memory with the value of an extended attribute and returns its length. With a size of
   * 0 it only returns the length.
   */
  int attribute(FileRef file, String attribute, MemorySegment into, long size);

  /** The same with the names of all extended attributes, each closed by a NUL. */
  int attributes(FileRef file, MemorySegment into, long size);

  /**
   * @param flags as {@code setxattr(2)} has them
   */
  int setAttribute(FileRef file, String attribute, MemorySegment value, int flags);

  int removeAttribute(FileRef file, String attribute);

  int truncate(String path, long size);

  int truncateOpen(long handle, long size);

  /** Opens a file and returns a handle. */
  long open(String path, int flags);

  /**
   * Opens a file or folder once more, which may have no name any more, with its own access mode;
   * returns a handle.
   */
  long reopen(long handle, int flags);

  /** Creates and opens a file; returns a handle. */
  long create(String path, int flags, int mode, CallingProcess caller);

  /** Whether a path changes only by calls of this filesystem, so that the kernel may cache it. */
  default boolean isSteady(String path) {
    return true;
  }

  /** Whether reads bypass the kernel's page cache, because the size is not known before. */
  default boolean readsDirectly(long handle) {
    return false;
  }

  int read(long handle, MemorySegment into, long size, long offset);

  int write(long handle, MemorySegment from, long size, long offset);

  int allocate(long handle, int mode, long offset, long length);

  /** Whether a process may have mapped the file of a handle and may write the mapping. */
  default boolean mayBeMapped(long handle) {
    return false;
  }

  /**
   * Where data or a hole begins.
   *
   * @param whence as {@code lseek(2)} has it
   * @return the position, or a negative errno
   */
  long seek(long handle, long offset, int whence);

  /** Copies between two open files; returns the number of bytes. */
  int copy(long from, long fromOffset, long to, long toOffset, long length);

  /** One of the descriptors of the handle was closed. Records what was written. */
  int flush(long handle);

  int sync(long handle, boolean dataOnly);

  /** The last descriptor of the handle was closed. */
  int release(long handle);

  /** Nothing can be called afterwards. */
  void close();
}
