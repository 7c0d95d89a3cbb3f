package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.conflict.Resolution;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles;
import dev.concert.chronicle.replication.replica.state.PathProblems;
import dev.concert.chronicle.replication.replica.state.ReplicaState;
import dev.concert.foundation.files.LockFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps files equal to a workspace, in both directions, as long as it is open.
 *
 * <p>Connects by itself, again and again. Between {@link #open} and {@link #close} it may be used
 * from any thread; no method but {@code close} waits. Its owner reports changed files by {@link
 * #changed}; what changed while it was closed is found at its start.
 */
public final class Replica implements AutoCloseable {
  private final LockFile lock;
  private final ReplicaState state;
  private final ReplicaLoop loop;
  private final Thread thread;

  private Replica(LockFile lock, ReplicaState state, ReplicaLoop loop) {
    this.lock = lock;
    this.state = state;
    this.loop = loop;
    this.thread = Thread.ofVirtual().name("replica").unstarted(loop::run);
  }

  /**
   * Opens and starts it.
   *
   * @throws IllegalStateException where another replica uses the folder
   */
  public static Replica open(
      ReplicaOptions options, ReplicaFiles files, Connector connector, ReplicaListener listener) {
    LockFile lock = lock(options.folder());
    try {
      ReplicaState state = ReplicaState.open(options.folder());
      ReplicaLoop loop =
          new ReplicaLoop(options, files, connector, listener, state, InstantSource.system());
      Replica replica = new Replica(lock, state, loop);
      replica.thread.start();
      return replica;
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * What a replica with this folder remembers, also while one is open, in whatever process: empty
   * where there never was one.
   */
  public static Optional<Remembered> remembered(Path folder) {
    if (!Files.exists(folder.resolve(ReplicaState.FILE))) {
      return Optional.empty();
    }
    try (ReplicaState state = ReplicaState.open(folder)) {
      return Optional.of(
          new Remembered(
              state.position(),
              state.writes().waiting(),
              state.conflicts(),
              new PathProblems(state.undelivered().all(), state.leftOut().summary())));
    }
  }

  /**
   * What is known without a connection.
   *
   * @param position the workspace's iteration up to which everything is in the files
   * @param waiting local writes that the workspace has not taken yet
   */
  public record Remembered(
      long position, long waiting, List<Conflict> conflicts, PathProblems problems) {}

  /**
   * These paths may have changed. Telling of a path that has not, for example because the replica
   * itself wrote it, does nothing.
   */
  public void changed(Collection<String> paths) {
    loop.changed(paths);
  }

  /** Everything may have changed. */
  public void rescan() {
    loop.rescan();
  }

  /**
   * Completes when both sides are equal: every reported local change is accepted (or waits for a
   * decision), and every change that the workspace then had is in the files. What one of the two
   * disks cannot have is tried once more and then not waited for, see {@link #problems}. Waits for
   * a connection if there is none; give it a time-out of your own.
   */
  public CompletableFuture<Void> settle() {
    return loop.settle();
  }

  /** What is wrong with single paths. */
  public CompletableFuture<PathProblems> problems() {
    return loop.ask(loop::problems);
  }

  /** What waits for a decision. */
  public CompletableFuture<List<Conflict>> conflicts() {
    return loop.ask(loop::conflicts);
  }

  /**
   * Decides a conflict. To merge, write the merged content into the file, tell of it by {@link
   * #changed} and resolve with {@link Resolution#KEEP_LOCAL}. Completes when it is done; does
   * nothing where the path is not in conflict.
   */
  public CompletableFuture<Void> resolve(String path, Resolution resolution) {
    return conflicts()
        .thenCompose(
            waiting ->
                waiting.stream()
                    .filter(conflict -> conflict.path().equals(path))
                    .findFirst()
                    .map(seen -> loop.resolve(path, resolution, seen.upstreamSequence()))
                    .orElse(CompletableFuture.completedFuture(true)))
        .thenAccept(_ -> {});
  }

  /**
   * Decides a conflict as it was seen, see {@link Conflict#upstreamSequence}: where the workspace
   * changed the path again meanwhile, nothing happens.
   *
   * @return whether the path waits no more
   */
  public CompletableFuture<Boolean> resolve(
      String path, Resolution resolution, long upstreamSequence) {
    return loop.resolve(path, resolution, upstreamSequence);
  }

  /**
   * What the workspace has at a path that waits for a decision; empty where it has nothing, or more
   * than so many bytes.
   */
  public CompletableFuture<Optional<byte[]>> upstreamContent(String path, int longest) {
    return loop.upstreamContent(path, longest);
  }

  /**
   * Other paths than before may take part: compares everything with the workspace. Until that is
   * done nothing is sent.
   */
  public void resync() {
    loop.resync();
  }

  public CompletableFuture<ReplicaStatus> status() {
    return loop.ask(loop::status);
  }

  /** Stops after the step that is being done; what waits to be sent is sent by the next one. */
  @Override
  public void close() {
    loop.stop();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      state.close();
      lock.close();
    }
  }

  /** Keeps a second replica from using the same folder. */
  private static LockFile lock(Path folder) {
    try {
      return LockFile.tryLock(folder.resolve("lock"))
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      "Another replica uses %s; stop that one, or choose another folder."
                          .formatted(folder)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open the replica's folder", e);
    }
  }
}
