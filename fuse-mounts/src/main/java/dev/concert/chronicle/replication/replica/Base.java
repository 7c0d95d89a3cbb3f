package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.replication.wire.Version;
import java.util.Optional;

/**
 * What both sides last agreed on for a path.
 *
 * @param sequence the workspace's iteration that it stands for; 0 where the path is new
 * @param signature how the replica's file looked then; empty where it is not known to be equal
 */
record Base(long sequence, Version version, Optional<Signature> signature) {
  static final Base NONE = new Base(0, Version.DELETED, Optional.empty());
}
