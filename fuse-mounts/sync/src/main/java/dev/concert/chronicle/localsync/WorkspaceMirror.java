package dev.concert.chronicle.localsync;

import dev.concert.chronicle.localsync.folder.DeletionGuard;
import dev.concert.chronicle.localsync.folder.LocalFolder;
import dev.concert.chronicle.localsync.folder.PathRules;
import dev.concert.chronicle.localsync.folder.SyncStop;
import dev.concert.chronicle.replication.conflict.Resolution;
import dev.concert.chronicle.replication.replica.Connector;
import dev.concert.chronicle.replication.replica.Replica;
import dev.concert.chronicle.replication.replica.ReplicaOptions;
import dev.concert.chronicle.replication.replica.state.PathProblems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A folder of this program's own that is made equal to a workspace whenever its owner wants it.
 * Nothing watches it. Where both sides changed a file, the folder's version is taken. Thread-safe.
 */
public final class WorkspaceMirror implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final Replica replica;

  private WorkspaceMirror(Replica replica) {
    this.replica = replica;
  }

  /**
   * @param folder that nobody else writes
   * @param state folder for what is remembered between two runs, outside of the other
   * @param name under which the workspace knows the folder
   * @param halted receives a sentence when the folder cannot be synced any more
   * @throws IllegalStateException where another process syncs it
   */
  public static WorkspaceMirror open(
      Path folder,
      Path state,
      String name,
      PathRules rules,
      Connector connector,
      Consumer<String> halted) {
    LocalFolder files =
        new LocalFolder(folder, rules, new DeletionGuard(true), new SyncStop(halted));
    ReplicaOptions options = new ReplicaOptions(name, state, TIMEOUT, LONGEST_PAUSE);
    return new WorkspaceMirror(Replica.open(options, files, connector, _ -> Resolution.KEEP_LOCAL));
  }

  /** Completes when both sides are equal; give it a timeout. */
  public CompletableFuture<Void> settle() {
    replica.rescan();
    return replica.settle();
  }

  /** What one of the two sides cannot have. */
  public CompletableFuture<PathProblems> problems() {
    return replica.problems();
  }

  @Override
  public void close() {
    replica.close();
  }
}
