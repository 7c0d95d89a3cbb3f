package dev.concert.chronicle.quota;

/**
 * The most that a workspace may take of its disk.
 *
 * @param bytes allocated ones: a hole in a file takes none
 * @param files with folders and links
 */
public record DiskQuota(long bytes, long files) {
  /** As much as the disk gives. */
  public static final DiskQuota UNLIMITED = new DiskQuota(Long.MAX_VALUE, Long.MAX_VALUE);
}
