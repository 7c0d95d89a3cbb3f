package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.replication.wire.Version;
import dev.concert.chronicle.tree.OpenContent;
import java.io.IOException;
import java.util.Optional;

/**
 * What the workspace says that a path is.
 *
 * @param sequence the iteration that made it so
 * @param clears whether what is in the way of the path is moved aside; else it is an {@link
 *     ReplicaFiles.ObstructedException}
 */
record Upstream(String path, Version version, long sequence, boolean clears, Contents contents) {

  /** Gets contents of the workspace. */
  @FunctionalInterface
  interface Contents {
    /** Empty where the workspace cannot give it any more. Blocks. */
    Optional<OpenContent> get(Version version) throws IOException;
  }

  /** The same iteration, for a replica that cannot have what it made. */
  Upstream deleted() {
    return new Upstream(path, Version.DELETED, sequence, clears, contents);
  }

  /** The base once both sides have it. */
  Base base(Optional<Signature> signature) {
    return new Base(sequence, version, signature);
  }
}
