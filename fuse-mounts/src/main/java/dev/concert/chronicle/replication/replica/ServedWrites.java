package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.replication.exchange.ContentServing;
import dev.concert.chronicle.tree.OpenContent;
import java.util.Optional;

/**
 * What a master may fetch: the contents of writes that it was sent. The file may have changed
 * since; the master checks the hash, and a newer write follows.
 */
final class ServedWrites implements ContentServing.Source {
  private final ReplicaFiles files;
  private final ReplicaState state;

  ServedWrites(ReplicaFiles files, ReplicaState state) {
    this.files = files;
    this.state = state;
  }

  @Override
  public Optional<OpenContent> open(String hash) {
    return state.writes().sent(hash).stream().findFirst().flatMap(files::open);
  }
}
