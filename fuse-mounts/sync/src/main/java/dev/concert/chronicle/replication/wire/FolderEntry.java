package dev.concert.chronicle.replication.wire;

import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.replication.wire.WireMessage.Notification;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBackEntry;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is said of empty folders, in the messages that tell of files: their {@code permissions} have
 * the type of a folder, and the content of one that is there is that of an empty file.
 */
public final class FolderEntry {
  private static final int TYPE = 0170000;
  private static final int FOLDER = 0040000;
  private static final int BITS = 07777;
  private static final String NOTHING = ContentHash.of(new byte[0]);

  private FolderEntry() {}

  /** There is an empty folder. */
  public static Notification there(long sequence, String path, int mode) {
    return new Notification(
        sequence, path, NOTHING, 0, FOLDER | mode & BITS, false, Optional.empty());
  }

  /** There is no such folder any more. */
  public static Notification gone(long sequence, String path) {
    return new Notification(sequence, path, "", 0, FOLDER, true, Optional.empty());
  }

  public static boolean isOne(Notification notification) {
    return isFolder(notification.permissions());
  }

  /** The permission bits of the folder; empty where it is gone. */
  public static OptionalInt mode(Notification notification) {
    return notification.isDeletion()
        ? OptionalInt.empty()
        : OptionalInt.of((int) notification.permissions() & BITS);
  }

  /**
   * A folder of a replica, as it is now.
   *
   * @param mode permission bits; empty where it is gone
   */
  public static WriteBackEntry written(long localSeq, String path, OptionalInt mode, long seen) {
    return new WriteBackEntry(
        localSeq, path, mode.isPresent() ? NOTHING : "", 0, FOLDER | mode.orElse(0) & BITS, seen);
  }

  public static boolean isOne(WriteBackEntry entry) {
    return isFolder(entry.permissions());
  }

  /** Whether the entry makes sense. */
  public static boolean isValid(WriteBackEntry entry) {
    return entry.size() == 0
        && (entry.isDeletion() || entry.contentHash().equals(NOTHING))
        && (entry.permissions() & ~(TYPE | BITS)) == 0;
  }

  public static int mode(WriteBackEntry entry) {
    return (int) entry.permissions() & BITS;
  }

  private static boolean isFolder(long permissions) {
    return (permissions & TYPE) == FOLDER;
  }
}
