package dev.concert.chronicle.workspace;

import dev.concert.chronicle.binding.MountBinding;
import dev.concert.chronicle.binding.StaleMounts;
import dev.concert.chronicle.folder.FolderWatch;
import dev.concert.chronicle.history.HistoryFileSystem;
import dev.concert.chronicle.quota.DiskQuota;
import dev.concert.chronicle.quota.WorkspaceUsage;
import dev.concert.chronicle.tree.VersionedTree;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses between mount and folder. Thread-safe. */
public final class MountStrategy implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MountStrategy.class);

  private final ChronicleOptions options;
  private final MountBinding binding;
  private final AtomicBoolean warned = new AtomicBoolean();

  /** Measures disk usage; platform threads, because reading a folder holds one. */
  private final ScheduledExecutorService scans =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("chronicle-usage").factory());

  /**
   * @param binding of these options; closed by this
   */
  public MountStrategy(ChronicleOptions options, MountBinding binding) {
    this.options = options;
    this.binding = binding;
  }

  Attachment attach(String id, WorkspaceFolder folder, Workspace workspace, DiskQuota quota) {
    if (options.watches()) {
      return watch(id, folder, workspace);
    }
    return switch (options.mode()) {
      case FUSE -> {
        binding.missing().ifPresent(MountStrategy::refuse);
        yield mount(id, folder, workspace, quota);
      }
      case FOLDER -> watch(id, folder, workspace);
      case AUTO -> mountOrWatch(id, folder, workspace, quota);
    };
  }

  private Attachment mountOrWatch(
      String id, WorkspaceFolder folder, Workspace workspace, DiskQuota quota) {
    Optional<String> missing = binding.missing();
    if (missing.isEmpty()) {
      try {
        return mount(id, folder, workspace, quota);
      } catch (ConcertException refused) {
        missing = Optional.of(refused.getMessage());
      }
    }
    if (warned.compareAndSet(false, true)) {
      LOG.warn(
          "Workspaces are plain folders that are watched, not mounts: {}. Changes are recorded a"
              + " moment after they happen, and those in between are missed.",
          missing.get());
    }
    return watch(id, folder, workspace);
  }

  private Attachment mount(
      String id, WorkspaceFolder folder, Workspace workspace, DiskQuota quota) {
    VersionedTree tree =
        VersionedTree.open(
            folder.tree(), folder.orphans(), workspace.treeRecorder(), workspace::reconcileMounted);
    workspace.recordingLater(tree::recordLater);
    try {
      reconcile(workspace, tree);
      StaleMounts.note(folder.mountPoint());
      WorkspaceUsage usage = WorkspaceUsage.open(folder.tree(), folder.metadata(), scans, quota);
      return new Attachment.Fuse(
          folder.mountPoint(),
          binding.mount(
              id,
              folder.mountPoint(),
              new HistoryFileSystem(
                  usage.over(tree), () -> workspace.journal().history(), workspace.contents())),
          usage);
    } catch (RuntimeException failure) {
      tree.close();
      throw failure;
    }
  }

  /** Contents that a killed process promised may take long to read: the mount does not wait. */
  private static void reconcile(Workspace workspace, VersionedTree tree) {
    try {
      workspace.reconcileMounted();
    } catch (IllegalStateException notYet) {
      LOG.info("A workspace is compared with its history after it is mounted");
      tree.compareSoon();
    }
  }

  private static Attachment watch(String id, WorkspaceFolder folder, Workspace workspace) {
    workspace.reconcile();
    FolderWatch watch = FolderWatch.start(id, folder.tree(), workspace::reconcile);
    workspace.beforeReads(watch::look);
    return new Attachment.Folder(folder.tree(), watch);
  }

  private static void refuse(String missing) {
    throw new ConcertException(
        ErrorCode.INTERNAL, "The workspace cannot be mounted: " + missing + ".");
  }

  /** What is still mounted gets no more answers. */
  @Override
  public void close() {
    scans.shutdownNow();
    binding.close();
  }
}
