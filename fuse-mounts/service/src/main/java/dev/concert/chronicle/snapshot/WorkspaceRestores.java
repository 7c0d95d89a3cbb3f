package dev.concert.chronicle.snapshot;

import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.files.WriteErrorMapper;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.LiveFile;
import dev.concert.chronicle.iteration.PastMoment;
import dev.concert.chronicle.journal.Journal;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.workspace.LiveFiles;
import dev.concert.chronicle.workspace.ReplicatedWorkspace;
import dev.concert.chronicle.workspace.Workspace;
import dev.concert.chronicle.workspace.Workspaces;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.workspace.SnapshotMessages.ForkWorkspace;
import dev.concert.workspace.SnapshotMessages.RestoreWorkspace;
import dev.concert.workspace.SnapshotMessages.WorkspaceForked;
import dev.concert.workspace.SnapshotMessages.WorkspaceRestored;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Brings live workspaces back to what they were, file by file: each appears whole or stays as it
 * is, and one that is killed in the middle is simply begun again. One at a time for a workspace.
 * Thread-safe; blocks for as long as writing takes.
 */
public final class WorkspaceRestores {
  private static final int TIMEOUT_SECONDS = 30;
  private static final int PERMISSIONS = 07777;

  private final Workspaces workspaces;
  private final ExecutorService writers;
  private final Map<String, ReentrantLock> running = new ConcurrentHashMap<>();

  /**
   * @param writers platform threads: a write through a mount may be answered by this very process
   */
  public WorkspaceRestores(Workspaces workspaces, ExecutorService writers) {
    this.workspaces = workspaces;
    this.writers = writers;
  }

  public WorkspaceRestored restore(RestoreWorkspace request) {
    PastMoment moment = HistoricalFiles.moment(request.moment());
    String id = workspaces.existing(request.workspaceId());
    return alone(id, () -> restore(id, moment, request.exact()));
  }

  /** Gives another workspace the files of a moment, also those that are not versioned. */
  public WorkspaceForked fork(ForkWorkspace request) {
    String source = workspaces.existing(request.workspaceId());
    String fork = workspaces.existing(request.forkId());
    return alone(fork, () -> fork(source, request.moment(), fork));
  }

  private WorkspaceForked fork(String source, String moment, String fork) {
    Map<String, Iteration> wanted =
        workspaces
            .with(
                source,
                space -> HistoricalFiles.at(space.journal(), known(space, momentOf(space, moment))))
            .orElseThrow();
    RestorePlan plan =
        workspaces
            .with(
                fork,
                space ->
                    RestorePlan.of(
                        wanted,
                        space.journal().history().liveBelow(""),
                        space.journal().history().latest(),
                        0))
            .orElseThrow();
    return new WorkspaceForked(wanted.size(), carryOut(fork, plan).latest());
  }

  private static PastMoment known(Workspace space, PastMoment moment) {
    HistoricalFiles.requireKnown(space.journal(), moment);
    return moment;
  }

  private static PastMoment momentOf(Workspace space, String moment) {
    return moment.isEmpty()
        ? new PastMoment.Sequence(space.journal().history().latest())
        : HistoricalFiles.moment(moment);
  }

  private <T> T alone(String id, Supplier<T> work) {
    ReentrantLock lock = running.computeIfAbsent(id, _ -> new ReentrantLock());
    take(lock);
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private static void take(ReentrantLock lock) {
    try {
      if (!lock.tryLock(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new ConcertException(
            ErrorCode.TIMEOUT, "Another restore of the workspace is still at work.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  private WorkspaceRestored restore(String id, PastMoment moment, boolean exact) {
    if (exact) {
      workspaces.with(id, space -> known(space, moment));
    }
    return carryOut(id, workspaces.with(id, space -> plan(space, moment)).orElseThrow());
  }

  private WorkspaceRestored carryOut(String id, RestorePlan plan) {
    ReplicatedWorkspace workspace = workspaces.replicated(id, writers);
    // Before anything is changed.
    plan.written().forEach(state -> content(workspace, state).close());
    workspace.changeMany(files -> apply(plan, workspace, files));
    long latest = workspace.latest();
    return new WorkspaceRestored(
        plan.written().size(), plan.deleted().size(), plan.before(), latest, plan.excluded());
  }

  private static RestorePlan plan(Workspace space, PastMoment moment) {
    Journal journal = space.journal();
    journal.history().skippedPaths().stream()
        .filter(path -> !journal.versioning().isExcluded(path))
        .forEach(space::keepSkipped);
    Map<String, Iteration> wanted = HistoricalFiles.at(journal, moment);
    Map<String, LiveFile> live = journal.history().liveBelow("");
    // What is not versioned stays as it is.
    Set<String> excluded =
        Stream.concat(wanted.keySet().stream(), live.keySet().stream())
            .filter(journal.versioning()::isExcluded)
            .collect(Collectors.toSet());
    wanted.keySet().removeAll(excluded);
    live.keySet().removeAll(excluded);
    return RestorePlan.of(wanted, live, journal.history().latest(), excluded.size());
  }

  private static void apply(RestorePlan plan, ReplicatedWorkspace workspace, LiveFiles files) {
    // First: a folder may have taken the place of a file, or a file that of a folder.
    plan.deleted().forEach(path -> act(path, () -> files.delete(path)));
    plan.written().forEach(state -> act(state.path(), () -> write(state, workspace, files)));
  }

  private static void write(Iteration state, ReplicatedWorkspace workspace, LiveFiles files) {
    try (OpenContent content = content(workspace, state)) {
      files.removeFolder(state.path());
      files.write(state.path(), state.kind(), state.mode() & PERMISSIONS, content);
    }
  }

  private static void act(String path, Runnable work) {
    try {
      work.run();
    } catch (PosixException failure) {
      throw WriteErrorMapper.of(path, failure);
    }
  }

  private static OpenContent content(ReplicatedWorkspace workspace, Iteration state) {
    return workspace
        .content(state.hash(), state.size())
        .orElseThrow(
            () ->
                new ConcertException(
                    ErrorCode.ITERATION_NOT_FOUND,
                    "The content of iteration %d of %s is not on this host."
                        .formatted(state.number(), state.path())));
  }
}
