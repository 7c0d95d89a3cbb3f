package dev.concert.chronicle.localsync;

import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.wire.PathVersion;

/**
 * Receives the events of a sync, on its threads. Implementations return quickly and do not block.
 */
public interface SyncListener {

  /** Every file of the workspace is being compared: so many are done. */
  default void comparing(long files) {}

  /** Everything that the workspace had is here. */
  default void caughtUp() {}

  /** The connection is lost, or could not be made; it is tried again. */
  default void disconnected(String why) {}

  /** A change of the workspace is in the folder. */
  default void received(String path, PathVersion version) {}

  /** The workspace took a change of the folder. */
  default void sent(String path, PathVersion version) {}

  /** A file takes no part, for this reason. */
  default void leftOut(String path, String reason) {}

  /** A file cannot be written for now, for this reason; the others go on, and it is tried again. */
  default void delayed(String path, String reason) {}

  /** Both sides changed a file, and it waits for a decision. */
  default void conflict(Conflict conflict) {}

  /** A file or folder was in the way of the workspace's and has this name from now on. */
  default void movedAside(String path, String name) {}

  /** A conflict is no more: both changes were put together. */
  default void merged(String path) {}

  /** The sync has stopped for good: nothing is sent and taken until a person has looked. */
  void halted(String sentence);
}
