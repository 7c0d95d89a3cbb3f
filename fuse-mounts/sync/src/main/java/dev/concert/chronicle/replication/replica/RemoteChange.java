package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles;
import dev.concert.chronicle.replication.replica.state.CommonAncestor;
import dev.concert.chronicle.replication.wire.PathVersion;
import java.io.IOException;
import java.util.Optional;

/**
 * What the workspace says that a path is.
 *
 * @param sequence the iteration that made it so
 * @param clears whether what is in the way of the path is moved aside; else it is an {@link
 *     ReplicaFiles.ObstructedException}
 */
record RemoteChange(
    String path, PathVersion version, long sequence, boolean clears, Contents contents) {

  /** Gets contents of the workspace. */
  @FunctionalInterface
  interface Contents {
    /** Empty where the workspace cannot give it any more. Blocks. */
    Optional<OpenContent> get(PathVersion version) throws IOException;
  }

  /** The same iteration, for a replica that cannot have what it made. */
  RemoteChange deleted() {
    return new RemoteChange(path, PathVersion.DELETED, sequence, clears, contents);
  }

  /** The base once both sides have it. */
  CommonAncestor base(Optional<Signature> signature) {
    return new CommonAncestor(sequence, version, signature);
  }
}
