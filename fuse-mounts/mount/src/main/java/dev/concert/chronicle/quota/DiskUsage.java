package dev.concert.chronicle.quota;

/**
 * What a workspace takes of its disk, and the quota that bounds it. Room is reserved before it is
 * used, so that many writers together do not pass the quota. Thread-safe.
 */
public final class DiskUsage {
  private DiskQuota quota;
  private long bytes;
  private long files;
  private long changes;

  /** A count with nothing in it, or as it was when the workspace was closed. */
  public DiskUsage(DiskQuota quota, long bytes, long files) {
    this.quota = quota;
    this.bytes = bytes;
    this.files = files;
  }

  /** Holds from now on, also where more than it is taken already: then only less is possible. */
  public synchronized void limit(DiskQuota changed) {
    quota = changed;
  }

  public synchronized DiskQuota quota() {
    return quota;
  }

  public synchronized long bytes() {
    return bytes;
  }

  public synchronized long files() {
    return files;
  }

  /** Bytes that are left; 0 where more than the quota is taken. */
  public synchronized long room() {
    return Math.max(0, quota.bytes() - bytes);
  }

  /** Whether this much can be taken, as long as this much more stays free for others. */
  synchronized boolean reserve(long moreBytes, long spare) {
    if (moreBytes > 0 && bytes > quota.bytes() - moreBytes - spare) {
      return false;
    }
    add(moreBytes, 0);
    return true;
  }

  /** Takes room for bytes and files, or nothing; what is given back is always taken. */
  public synchronized boolean reserveFiles(long moreBytes, long moreFiles) {
    boolean fits =
        (moreBytes <= 0 || bytes <= quota.bytes() - moreBytes)
            && (moreFiles <= 0 || files <= quota.files() - moreFiles);
    if (fits) {
      add(moreBytes, moreFiles);
    }
    return fits;
  }

  /** Counts what was taken without asking, or given back. */
  public synchronized void add(long moreBytes, long moreFiles) {
    bytes += moreBytes;
    files += moreFiles;
    if (moreBytes != 0 || moreFiles != 0) {
      changes++;
    }
  }

  /** Bytes and files. */
  record Amount(long bytes, long files) {
    static final Amount NOTHING = new Amount(0, 0);
  }

  /** The count at one moment. */
  record Reading(long bytes, long files, long changes) {}

  synchronized Reading read() {
    return new Reading(bytes, files, changes);
  }

  /**
   * Takes over what a look at the disk found, with what was counted while it lasted. What changed
   * meanwhile may have been seen or not: half of it is taken as seen.
   *
   * @param before the count when the look began
   * @return whether nothing changed meanwhile, so that the count is exact
   */
  synchronized boolean correct(Reading before, long foundBytes, long foundFiles) {
    boolean exact = changes == before.changes();
    bytes = Math.max(0, foundBytes + (bytes - before.bytes()) / 2);
    files = Math.max(0, foundFiles + (files - before.files()) / 2);
    return exact;
  }
}
