package dev.concert.chronicle.workspace;

import dev.concert.chronicle.iteration.History;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.PastMoment;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.tree.OpenContent;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.workspace.SnapshotMessages.RestoreWorkspace;
import dev.concert.workspace.SnapshotMessages.WorkspaceRestored;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings live workspaces back to what they were, file by file: each appears whole or stays as it
 * is, and one that is killed in the middle is simply begun again. One at a time for a workspace.
 * Thread-safe; blocks for as long as writing takes.
 */
final class WorkspaceRestores {
  private static final int PATIENCE_SECONDS = 30;
  private static final int PERMISSIONS = 07777;

  private final Workspaces workspaces;
  private final ExecutorService writers;
  private final Map<String, ReentrantLock> running = new ConcurrentHashMap<>();

  /**
   * @param writers platform threads: a write through a mount may be answered by this very process
   */
  WorkspaceRestores(Workspaces workspaces, ExecutorService writers) {
    this.workspaces = workspaces;
    this.writers = writers;
  }

  WorkspaceRestored restore(RestoreWorkspace request) {
    PastMoment moment = PastFiles.moment(request.moment());
    String id = workspaces.existing(request.workspaceId());
    ReentrantLock lock = running.computeIfAbsent(id, _ -> new ReentrantLock());
    take(lock);
    try {
      return restore(id, moment);
    } finally {
      lock.unlock();
    }
  }

  private static void take(ReentrantLock lock) {
    try {
      if (!lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new ConcertException(
            ErrorCode.TIMEOUT, "Another restore of the workspace is still at work.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  private WorkspaceRestored restore(String id, PastMoment moment) {
    RestorePlan plan = workspaces.with(id, space -> plan(space, moment)).orElseThrow();
    ReplicatedWorkspace workspace = workspaces.replicated(id, writers);
    // Before anything is changed.
    plan.written().forEach(state -> content(workspace, state).close());
    workspace.changeMany(files -> apply(plan, workspace, files));
    long latest = workspace.latest();
    return new WorkspaceRestored(
        plan.written().size(), plan.deleted().size(), plan.before(), latest);
  }

  private static RestorePlan plan(Workspace space, PastMoment moment) {
    Map<String, Iteration> wanted = PastFiles.at(space.journal(), moment);
    History history = space.journal().history();
    return RestorePlan.of(wanted, history.liveBelow(""), history.latest());
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
      throw WriteRefusal.of(path, failure);
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
