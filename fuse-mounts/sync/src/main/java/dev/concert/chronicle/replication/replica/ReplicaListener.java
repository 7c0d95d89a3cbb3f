package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.conflict.Resolution;
import dev.concert.chronicle.replication.wire.PathVersion;

/**
 * Receives the events of a replica, on the replica's thread. Implementations return quickly and do
 * not call back. An exception ends the connection; the event is sent again.
 */
public interface ReplicaListener {

  /** Everything the workspace had when the connection began is here now. */
  default void caughtUp(long sequence) {}

  /** The connection is lost, or could not be made; it is tried again. */
  default void disconnected(String why) {}

  /**
   * A change from the workspace is in the files.
   *
   * @param version deleted where the file is gone
   */
  default void applied(String path, PathVersion version) {}

  /** The workspace took a local write. */
  default void accepted(String path, PathVersion version) {}

  /** The workspace refuses a local write for good, for example because of its path. */
  default void refused(String path, String reason) {}

  /**
   * A change cannot be made for now, here or in the workspace; it is tried again. Reported once for
   * each path and reason.
   */
  default void delayed(String path, String reason) {}

  /** A path takes no part, although no rule leaves it out. Reported once for each reason. */
  default void leftOut(String path, String reason) {}

  /**
   * A path changed on both sides. Every conflict is reported at least once, and again after a
   * crash.
   *
   * @return what to do with it
   */
  Resolution conflict(Conflict conflict);

  /**
   * A file or folder is where the workspace has a folder or a file, and gets another name. Told
   * before, and again after a crash.
   */
  default void movedAside(String path, String name) {}

  /** Every file there is is being compared: so many are done. */
  default void resyncing(long files) {}
}
