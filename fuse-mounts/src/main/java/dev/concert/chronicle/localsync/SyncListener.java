package dev.concert.chronicle.localsync;

import dev.concert.chronicle.replication.replica.Conflict;
import dev.concert.chronicle.replication.wire.Version;

/** Is told what a sync does, on its threads: quickly, and without waiting. */
public interface SyncListener {

  /** Every file of the workspace is being compared: so many are done. */
  default void comparing(long files) {}

  /** Everything that the workspace had is here. */
  default void caughtUp() {}

  /** The connection is lost, or could not be made; it is tried again. */
  default void disconnected(String why) {}

  /** A change of the workspace is in the folder. */
  default void received(String path, Version version) {}

  /** The workspace took a change of the folder. */
  default void sent(String path, Version version) {}

  /** A file takes no part, for this reason. */
  default void leftOut(String path, String reason) {}

  /** Both sides changed a file, and it waits for a decision. */
  default void conflict(Conflict conflict) {}

  /** A file or folder was in the way of the workspace's and has this name from now on. */
  default void movedAside(String path, String name) {}

  /** A conflict is no more: both changes were put together. */
  default void merged(String path) {}

  /** The sync has stopped for good: nothing is sent and taken until a person has looked. */
  void halted(String sentence);
}
