package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.replication.exchange.ContentServer;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles.InaccessibleException;
import dev.concert.chronicle.replication.replica.state.ReplicaState;
import java.util.Optional;

/**
 * What a master may fetch: the contents of writes that it was sent. The file may have changed
 * since; the master checks the hash, and a newer write follows.
 */
final class WriteContents implements ContentServer.Source {
  private final ReplicaFiles files;
  private final ReplicaState state;

  WriteContents(ReplicaFiles files, ReplicaState state) {
    this.files = files;
    this.state = state;
  }

  @Override
  public Optional<OpenContent> open(String hash) {
    try {
      return state.writes().sent(hash).stream().findFirst().flatMap(files::open);
    } catch (InaccessibleException notNow) {
      return Optional.empty();
    }
  }
}
