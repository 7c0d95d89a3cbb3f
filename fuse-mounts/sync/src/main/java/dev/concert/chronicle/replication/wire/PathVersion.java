package dev.concert.chronicle.replication.wire;

import dev.concert.chronicle.iteration.Kind;

/**
 * What a path holds on one side.
 *
 * @param hash BLAKE3 of the content (of a symlink: of its target), empty where the path is deleted
 * @param size bytes
 * @param permissions file type and permission bits as {@code st_mode} has them, 0 where deleted
 */
public record PathVersion(String hash, long size, int permissions) {
  public static final PathVersion DELETED = new PathVersion("", 0, 0);

  private static final int TYPE = 0170000;
  private static final int SYMLINK = 0120000;
  private static final int FILE = 0100000;
  private static final int BITS = 07777;

  public static PathVersion of(Kind kind, int mode, String hash, long size) {
    return switch (kind) {
      case FILE -> new PathVersion(hash, size, FILE | mode & BITS);
      // The permissions of a symlink mean nothing and differ between systems.
      case SYMLINK -> new PathVersion(hash, size, SYMLINK | 0777);
    };
  }

  public boolean isDeleted() {
    return hash.isEmpty();
  }

  public Kind kind() {
    return (permissions & TYPE) == SYMLINK ? Kind.SYMLINK : Kind.FILE;
  }

  /** Permission bits without the file's type. */
  public int mode() {
    return permissions & BITS;
  }
}
