package dev.concert.chronicle.workspace;

import dev.concert.chronicle.binding.StaleMounts;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.quota.DiskQuota;
import dev.concert.chronicle.quota.DiskUsage;
import dev.concert.chronicle.quota.WorkspaceUsage;
import dev.concert.chronicle.recording.RecordingWorkers;
import dev.concert.chronicle.versioning.VersioningPolicy;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.files.FolderRemoval;
import dev.concert.workspace.WorkspaceMessages.Mounted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One workspace: at most once open and at most once mounted at a time. Thread-safe; readers of a
 * mounted workspace do not wait for each other.
 */
final class WorkspaceHandle {
  private record InUse(Workspace workspace, Attachment attachment) {
    void end() {
      try {
        attachment.detach();
      } finally {
        workspace.close();
      }
    }
  }

  private static final long MOST_STAGED = 2_000_000;

  private final String id;
  private final WorkspaceFolder folder;
  private final ContentStore contents;
  private final VersioningPolicy versioning;
  private final RecordingWorkers workers;
  private final MountStrategy attaching;
  private final Consumer<List<Iteration>> listener;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  /** So that what was compared is still so when it is changed. */
  private final ReentrantLock folderChanges = new ReentrantLock();

  private Optional<InUse> inUse = Optional.empty();
  private volatile Optional<Attachment> visible = Optional.empty();
  private boolean staging;
  private volatile boolean deleted;

  WorkspaceHandle(
      String id,
      WorkspaceFolder folder,
      ContentStore contents,
      VersioningPolicy versioning,
      RecordingWorkers workers,
      MountStrategy attaching,
      Consumer<List<Iteration>> listener) {
    this.id = id;
    this.folder = folder;
    this.contents = contents;
    this.versioning = versioning;
    this.workers = workers;
    this.attaching = attaching;
    this.listener = listener;
  }

  Mounted mount(int owner, DiskQuota quota) {
    lock.writeLock().lock();
    try {
      requirePresent();
      if (inUse.isEmpty()) {
        inUse = Optional.of(attach(owner, quota));
        visible = inUse.map(InUse::attachment);
      } else {
        inUse.get().attachment().limit(quota);
      }
      return inUse.get().attachment().mounted();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private InUse attach(int owner, DiskQuota quota) {
    StaleMounts.makeRoom(folder.mountPoint());
    folder.make();
    if (owner != 0) {
      new TreeOwner(owner).takeOver(folder.tree());
    }
    Workspace workspace = Workspace.open(folder, contents, versioning, workers, listener);
    try {
      return new InUse(workspace, attaching.attach(id, folder, workspace, quota));
    } catch (RuntimeException failure) {
      workspace.close();
      throw failure;
    }
  }

  /** Why changes cannot be entered at the moment; empty where they can. */
  Optional<Throwable> failure() {
    lock.readLock().lock();
    try {
      return inUse.flatMap(used -> used.workspace().failure());
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Takes the mount out of sight at once, waiting for nothing. */
  void hide() {
    // Without the lock: whoever unmounts holds it for as long as recording takes.
    visible.ifPresent(Attachment::hide);
  }

  void unmount() {
    lock.writeLock().lock();
    try {
      Optional<InUse> ending = inUse;
      inUse = Optional.empty();
      ending.ifPresent(InUse::end);
      visible = Optional.empty();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Unmounts and removes the workspace; whoever works with it from now on is refused.
   *
   * @throws UncheckedIOException where something of it is left; then it may be called again
   */
  void delete() {
    lock.writeLock().lock();
    try {
      deleted = true;
      unmount();
      // Under another name no garbage collection looks into it while it goes.
      folder.hide();
    } catch (IOException e) {
      throw new UncheckedIOException("A workspace cannot be removed", e);
    } finally {
      lock.writeLock().unlock();
    }
    folder.remove();
  }

  /**
   * @throws ConcertException where it was deleted
   */
  void requirePresent() {
    if (deleted) {
      throw new ConcertException(ErrorCode.SESSION_NOT_FOUND, "The workspace was deleted.");
    }
  }

  boolean isMounted() {
    lock.readLock().lock();
    try {
      return inUse.isPresent();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Changes a path of the live workspace as a process inside of it would. */
  void change(String path, Consumer<LiveFiles> work) {
    change(work, workspace -> workspace.reconcile(path));
  }

  /** The same for any number of paths. */
  void changeMany(Consumer<LiveFiles> work) {
    change(work, Workspace::reconcile);
  }

  /** For files that are to come in together. What a killed process left is deleted first. */
  StagedFiles stage() throws IOException {
    requirePresent();
    synchronized (this) {
      if (!staging) {
        FolderRemoval.remove(folder.incoming());
        staging = true;
      }
    }
    DiskQuota quota = WorkspaceUsage.lastQuota(folder.metadata());
    return StagedFiles.in(folder, quota.bytes(), (int) Math.min(MOST_STAGED, quota.files()));
  }

  /**
   * Brings in what is staged. In a workspace that is not in use the history gets it when it is, as
   * after every change that nobody reported.
   */
  List<BulkChange.Arrival> bringIn(StagedFiles staged) {
    AtomicReference<List<BulkChange.Arrival>> arrivals = new AtomicReference<>(List.of());
    change(files -> arrivals.set(files.bringIn(staged)), _ -> {});
    return arrivals.get();
  }

  /**
   * @param recording enters changes that no event reported
   */
  private void change(Consumer<LiveFiles> work, Consumer<Workspace> recording) {
    Optional<LiveFiles> mount = mountedFiles();
    if (mount.isPresent()) {
      // Not under the lock: a mount that hangs may still be taken away.
      try (LiveFiles files = mount.get()) {
        work.accept(files);
      }
      return;
    }
    with(
        workspace -> {
          try {
            changeTree(work);
          } finally {
            recording.accept(workspace);
          }
          return workspace;
        });
  }

  /** Under a lock. A folder that is only watched has no quota, and agents change it as well. */
  private void changeTree(Consumer<LiveFiles> work) {
    if (lock.isWriteLockedByCurrentThread()) {
      WorkspaceUsage.whileUnmounted(folder.metadata(), usage -> changeTree(work, usage));
    } else {
      folderChanges.lock();
      try {
        changeTree(work, new DiskUsage(DiskQuota.UNLIMITED, 0, 0));
      } finally {
        folderChanges.unlock();
      }
    }
  }

  private void changeTree(Consumer<LiveFiles> work, DiskUsage usage) {
    try (LiveFiles files = LiveFiles.below(folder.tree(), folder.orphans(), usage)) {
      work.accept(files);
    }
  }

  private Optional<LiveFiles> mountedFiles() {
    lock.readLock().lock();
    try {
      return inUse
          .map(InUse::attachment)
          .filter(Attachment.Fuse.class::isInstance)
          .map(fuse -> LiveFiles.mounted(((Attachment.Fuse) fuse).place(), folder.orphans()));
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Works with the workspace, which is opened for it where it is not in use. */
  <T> T with(Function<Workspace, T> work) {
    requirePresent();
    lock.readLock().lock();
    try {
      if (inUse.isPresent()) {
        return work.apply(inUse.get().workspace());
      }
    } finally {
      lock.readLock().unlock();
    }
    lock.writeLock().lock();
    try {
      if (inUse.isPresent()) {
        return work.apply(inUse.get().workspace());
      }
      requirePresent();
      try (Workspace workspace = Workspace.open(folder, contents, versioning, workers, listener)) {
        return work.apply(workspace);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
