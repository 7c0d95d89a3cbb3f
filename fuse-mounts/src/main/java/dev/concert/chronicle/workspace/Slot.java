package dev.concert.chronicle.workspace;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.fuse.StaleMounts;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.recording.RecordingWorkers;
import dev.concert.workspace.WorkspaceMessages.Mounted;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One workspace: at most once open and at most once mounted at a time. Thread-safe; readers of a
 * mounted workspace do not wait for each other.
 */
final class Slot {
  private record InUse(Workspace workspace, Attachment attachment) {
    void end() {
      try {
        attachment.detach();
      } finally {
        workspace.close();
      }
    }
  }

  private final String id;
  private final WorkspaceFolder folder;
  private final ContentStore contents;
  private final RecordingWorkers workers;
  private final Attaching attaching;
  private final Consumer<List<Iteration>> listener;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private Optional<InUse> inUse = Optional.empty();

  Slot(
      String id,
      WorkspaceFolder folder,
      ContentStore contents,
      RecordingWorkers workers,
      Attaching attaching,
      Consumer<List<Iteration>> listener) {
    this.id = id;
    this.folder = folder;
    this.contents = contents;
    this.workers = workers;
    this.attaching = attaching;
    this.listener = listener;
  }

  Mounted mount() {
    lock.writeLock().lock();
    try {
      if (inUse.isEmpty()) {
        inUse = Optional.of(attach());
      }
      return inUse.get().attachment().mounted();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private InUse attach() {
    StaleMounts.makeRoom(folder.mountPoint());
    folder.make();
    Workspace workspace = Workspace.open(folder, contents, workers, listener);
    try {
      workspace.reconcile();
      return new InUse(workspace, attaching.attach(id, folder, workspace));
    } catch (RuntimeException failure) {
      workspace.close();
      throw failure;
    }
  }

  /** Why changes cannot be entered at the moment; empty where they can. */
  Optional<Throwable> trouble() {
    lock.readLock().lock();
    try {
      return inUse.flatMap(used -> used.workspace().trouble());
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Takes the mount out of sight at once, waiting for nothing. */
  void hide() {
    lock.readLock().lock();
    try {
      inUse.ifPresent(used -> used.attachment().hide());
    } finally {
      lock.readLock().unlock();
    }
  }

  void unmount() {
    lock.writeLock().lock();
    try {
      Optional<InUse> ending = inUse;
      inUse = Optional.empty();
      ending.ifPresent(InUse::end);
    } finally {
      lock.writeLock().unlock();
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

  /** Changes a path of the live workspace as somebody inside of it would. */
  void change(String path, Consumer<LiveFiles> work) {
    change(work, workspace -> workspace.reconcile(path));
  }

  /** The same for any number of paths. */
  void changeMany(Consumer<LiveFiles> work) {
    change(work, Workspace::reconcile);
  }

  /**
   * @param recording enters what nobody reported
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
          try (LiveFiles files = LiveFiles.below(folder.tree(), folder.orphans())) {
            work.accept(files);
          } finally {
            recording.accept(workspace);
          }
          return workspace;
        });
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
      try (Workspace workspace = Workspace.open(folder, contents, workers, listener)) {
        return work.apply(workspace);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
