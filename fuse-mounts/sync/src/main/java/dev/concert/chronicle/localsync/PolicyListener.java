package dev.concert.chronicle.localsync;

import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.conflict.Resolution;
import dev.concert.chronicle.replication.replica.ReplicaListener;
import dev.concert.chronicle.replication.wire.PathVersion;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Resolves conflicts by the chosen policy, and passes on every other event of the replica. */
final class PolicyListener implements ReplicaListener {
  private final ConflictPolicy policy;
  private final SyncListener listener;
  private final CompletableFuture<ConflictResolver> deciding = new CompletableFuture<>();

  PolicyListener(ConflictPolicy policy, SyncListener listener) {
    this.policy = policy;
    this.listener = listener;
  }

  void decideBy(ConflictResolver made) {
    deciding.complete(made);
  }

  @Override
  public Resolution conflict(Conflict conflict) {
    return switch (policy) {
      case KEEP_LOCAL -> Resolution.KEEP_LOCAL;
      case ACCEPT_UPSTREAM -> Resolution.ACCEPT_UPSTREAM;
      case KEEP_BOTH -> Resolution.KEEP_BOTH;
      case ASK -> {
        listener.conflict(conflict);
        yield Resolution.LATER;
      }
      case MERGE -> {
        deciding.thenAccept(known -> known.decide(conflict, ConflictPolicy.MERGE));
        yield Resolution.LATER;
      }
    };
  }

  @Override
  public void caughtUp(long sequence) {
    listener.caughtUp();
  }

  @Override
  public void disconnected(String why) {
    listener.disconnected(Optional.ofNullable(why).orElse("the connection is lost"));
  }

  @Override
  public void applied(String path, PathVersion version) {
    listener.received(path, version);
  }

  @Override
  public void accepted(String path, PathVersion version) {
    listener.sent(path, version);
  }

  @Override
  public void refused(String path, String reason) {
    listener.leftOut(path, reason);
  }

  @Override
  public void leftOut(String path, String reason) {
    listener.leftOut(path, reason);
  }

  @Override
  public void delayed(String path, String reason) {
    listener.delayed(path, reason);
  }

  @Override
  public void movedAside(String path, String name) {
    listener.movedAside(path, name);
  }

  @Override
  public void resyncing(long files) {
    listener.comparing(files);
  }
}
