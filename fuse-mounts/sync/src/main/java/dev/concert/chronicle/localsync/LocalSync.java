package dev.concert.chronicle.localsync;

import dev.concert.chronicle.localsync.folder.DeletionGuard;
import dev.concert.chronicle.localsync.folder.IgnoreRules;
import dev.concert.chronicle.localsync.folder.LocalFolder;
import dev.concert.chronicle.localsync.folder.SyncException;
import dev.concert.chronicle.localsync.folder.SyncStop;
import dev.concert.chronicle.localsync.watch.ChangeDebouncer;
import dev.concert.chronicle.localsync.watch.ChangeDebouncer.Timing;
import dev.concert.chronicle.localsync.watch.ChangedPaths;
import dev.concert.chronicle.localsync.watch.FolderWatcher;
import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.replica.Connector;
import dev.concert.chronicle.replication.replica.Replica;
import dev.concert.chronicle.replication.replica.ReplicaOptions;
import dev.concert.chronicle.replication.replica.ReplicaStatus;
import dev.concert.chronicle.replication.replica.state.PathProblems;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a folder equal to a workspace as long as it is open. May be killed at any moment; the next
 * one goes on. Thread-safe.
 */
public final class LocalSync implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalSync.class);

  private static final String REPLICA = "replica";
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** A person waits for a server that is there again. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final SyncMemory memory;
  private final Replica replica;
  private final ConflictResolver deciding;
  private final ChangeDebouncer debounce;
  private final Optional<FolderWatcher> watcher;

  private LocalSync(
      SyncMemory memory,
      Replica replica,
      ConflictResolver deciding,
      ChangeDebouncer debounce,
      Optional<FolderWatcher> watcher) {
    this.memory = memory;
    this.replica = replica;
    this.deciding = deciding;
    this.debounce = debounce;
    this.watcher = watcher;
  }

  /**
   * Opens and starts it.
   *
   * @throws SyncException where the folder cannot be synced, is synced already, or goes with
   *     another session
   */
  public static LocalSync open(SyncOptions options, Connector connector, SyncListener listener) {
    Path root = SyncPlace.of(options.folder()).folder();
    SyncMemory memory = SyncMemory.open(options.state());
    try {
      String name = memory.bind(root, options.session()).replica();
      memory.texts().shrink();
      IgnoreRules rules = new IgnoreRules(root);
      SyncStop halt = new SyncStop(listener::halted);
      LocalFolder folder =
          new LocalFolder(root, rules, new DeletionGuard(options.allowDeletions()), halt);
      CachingReplicaFiles files = new CachingReplicaFiles(folder, memory.texts());
      PolicyListener policies = new PolicyListener(options.onConflict(), listener);
      Replica replica = open(root, name, options.state(), files, connector, policies);
      ConflictResolver deciding =
          new ConflictResolver(replica, new ConflictMerger(files, memory.texts()), listener);
      policies.decideBy(deciding);
      rules.onChange(replica::resync);
      return watching(options, root, rules, memory, replica, deciding);
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  private static Replica open(
      Path root,
      String name,
      Path state,
      CachingReplicaFiles files,
      Connector connector,
      PolicyListener listener) {
    try {
      return Replica.open(
          new ReplicaOptions(name, state.resolve(REPLICA), TIMEOUT, LONGEST_PAUSE),
          files,
          connector,
          listener);
    } catch (IllegalStateException inUse) {
      throw new SyncException("%s is being synced by another process.".formatted(root));
    }
  }

  private static LocalSync watching(
      SyncOptions options,
      Path root,
      IgnoreRules rules,
      SyncMemory memory,
      Replica replica,
      ConflictResolver deciding) {
    Timing timing = Timing.USUAL.quiet(options.quiet());
    ChangeDebouncer debounce =
        ChangeDebouncer.start(timing, changes -> look(root, replica, changes));
    try {
      FolderWatcher watcher = FolderWatcher.start(root, rules, debounce);
      // What changed between the replica's first look and the first watch.
      debounce.everythingChanged();
      return new LocalSync(memory, replica, deciding, debounce, Optional.of(watcher));
    } catch (UncheckedIOException e) {
      debounce.close();
      LOG.warn(
          "The system refuses to watch {} ({}); it is looked through every few seconds instead",
          root,
          e.getCause().getMessage());
      ChangeDebouncer polling =
          ChangeDebouncer.start(timing.withoutWatch(), changes -> look(root, replica, changes));
      return new LocalSync(memory, replica, deciding, polling, Optional.empty());
    }
  }

  private static void look(Path root, Replica replica, ChangedPaths changes) {
    if (needsRescan(root, changes)) {
      replica.rescan();
    } else {
      replica.changed(changes.paths());
    }
  }

  /**
   * Whether the whole folder is to be looked through. Many deletions at once, and those of a whole
   * folder, are believed only then ({@link DeletionGuard}): when a folder is moved away, the
   * changes may name a part of its files, and each part would be few enough.
   */
  static boolean needsRescan(Path root, ChangedPaths changes) {
    List<Path> gone =
        changes.paths().stream().map(root::resolve).filter(path -> !Files.exists(path)).toList();
    return changes.everything()
        || gone.size() >= DeletionGuard.FEW
        || gone.stream().anyMatch(path -> !Files.exists(path.getParent()));
  }

  /**
   * What is known of a folder's sync from its state folder, also while it runs; empty where there
   * never was one.
   */
  public static Optional<SyncStatus> remembered(Path state) {
    if (!Files.exists(state.resolve(SyncMemory.FILE))) {
      return Optional.empty();
    }
    try (SyncMemory memory = SyncMemory.open(state)) {
      return memory
          .binding()
          .flatMap(
              known ->
                  Replica.remembered(state.resolve(REPLICA))
                      .map(
                          of ->
                              new SyncStatus(
                                  known.session(),
                                  of.position(),
                                  of.waiting(),
                                  of.conflicts(),
                                  of.problems())));
    }
  }

  /**
   * Completes when both sides are equal, apart from conflicts that wait for a decision; give it a
   * time-out.
   */
  public CompletableFuture<Void> settle() {
    replica.rescan();
    return replica.settle();
  }

  /** What is wrong with single files. */
  public CompletableFuture<PathProblems> problems() {
    return replica.problems();
  }

  /** What waits for a decision. */
  public CompletableFuture<List<Conflict>> conflicts() {
    return replica.conflicts();
  }

  /**
   * Decides a conflict as it was seen.
   *
   * @return whether it is decided; false where it could not be merged, or the workspace changed the
   *     file again meanwhile
   */
  public CompletableFuture<Boolean> decide(Conflict seen, ConflictPolicy policy) {
    return deciding.decide(seen, policy);
  }

  public CompletableFuture<ReplicaStatus> status() {
    return replica.status();
  }

  @Override
  public void close() {
    watcher.ifPresent(FolderWatcher::close);
    debounce.close();
    deciding.close();
    replica.close();
    memory.close();
  }
}
