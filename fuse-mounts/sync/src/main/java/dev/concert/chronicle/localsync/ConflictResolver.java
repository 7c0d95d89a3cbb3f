package dev.concert.chronicle.localsync;

import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.conflict.Resolution;
import dev.concert.chronicle.replication.replica.Replica;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Carries out what was decided about conflicts. One thread of its own. */
final class ConflictResolver implements AutoCloseable {
  private final Replica replica;
  private final ConflictMerger merging;
  private final SyncListener listener;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("sync-conflicts").factory());

  ConflictResolver(Replica replica, ConflictMerger merging, SyncListener listener) {
    this.replica = replica;
    this.merging = merging;
    this.listener = listener;
  }

  /**
   * Decides one conflict, as long as it is the one that was looked at: where the workspace has
   * changed the file again, nothing happens and the conflict is reported again.
   *
   * @return whether it is decided
   */
  CompletableFuture<Boolean> decide(Conflict seen, ConflictPolicy policy) {
    return switch (policy) {
      case ASK -> CompletableFuture.completedFuture(false);
      case KEEP_LOCAL -> resolve(seen, Resolution.KEEP_LOCAL);
      case ACCEPT_UPSTREAM -> resolve(seen, Resolution.ACCEPT_UPSTREAM);
      case KEEP_BOTH -> resolve(seen, Resolution.KEEP_BOTH);
      case MERGE -> CompletableFuture.supplyAsync(() -> merge(seen.path()), thread);
    };
  }

  private CompletableFuture<Boolean> resolve(Conflict seen, Resolution resolution) {
    return replica.resolve(seen.path(), resolution, seen.upstreamSequence());
  }

  private boolean merge(String path) {
    Optional<Conflict> now =
        replica.conflicts().join().stream().filter(one -> one.path().equals(path)).findFirst();
    if (now.isEmpty()) {
      return true;
    }
    if (merging.isFolderAgainstFile(path)) {
      // There is nothing to merge: the file gets its name, the folder another one beside it.
      return resolve(now.get(), Resolution.KEEP_BOTH).join();
    }
    Optional<byte[]> upstream = replica.upstreamContent(path, MergeBaseCache.LONGEST).join();
    if (upstream.isEmpty() || !merging.merge(now.get(), upstream.get())) {
      listener.conflict(now.get());
      return false;
    }
    replica.changed(List.of(path));
    boolean resolved = resolve(now.get(), Resolution.KEEP_LOCAL).join();
    if (resolved) {
      listener.merged(path);
    }
    return resolved;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
