package dev.concert.chronicle.replication.replica.state;

import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.replication.wire.PathVersion;
import java.util.Optional;

/**
 * What both sides last agreed on for a path.
 *
 * @param sequence the workspace's iteration that it stands for; 0 where the path is new
 * @param signature how the replica's file looked then; empty where it is not known to be equal
 */
public record CommonAncestor(long sequence, PathVersion version, Optional<Signature> signature) {
  public static final CommonAncestor NONE =
      new CommonAncestor(0, PathVersion.DELETED, Optional.empty());
}
