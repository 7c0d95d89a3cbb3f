package dev.concert.chronicle.workspace;

import dev.concert.chronicle.folder.FolderWatch;
import dev.concert.chronicle.fuse.FuseMount;
import dev.concert.chronicle.fuse.RequestThreads;
import dev.concert.chronicle.fuse.StaleMounts;
import dev.concert.chronicle.magic.MagicFileSystem;
import dev.concert.chronicle.tree.VersionedTree;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses between mount and folder. Thread-safe. */
final class Attaching implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Attaching.class);

  private final ChronicleOptions.Mode mode;
  private final Supplier<Optional<String>> fuseMissing;
  private final AtomicBoolean warned = new AtomicBoolean();
  private Optional<RequestThreads> threads = Optional.empty();

  /**
   * @param fuseMissing says why this host cannot mount, empty where it can
   */
  Attaching(ChronicleOptions.Mode mode, Supplier<Optional<String>> fuseMissing) {
    this.mode = mode;
    this.fuseMissing = fuseMissing;
  }

  Attachment attach(String id, WorkspaceFolder folder, Workspace workspace) {
    return switch (mode) {
      case FUSE -> {
        fuseMissing.get().ifPresent(Attaching::refuse);
        yield mount(id, folder, workspace);
      }
      case FOLDER -> watch(id, folder, workspace);
      case AUTO -> mountOrWatch(id, folder, workspace);
    };
  }

  private Attachment mountOrWatch(String id, WorkspaceFolder folder, Workspace workspace) {
    Optional<String> missing = fuseMissing.get();
    if (missing.isEmpty()) {
      try {
        return mount(id, folder, workspace);
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

  private Attachment mount(String id, WorkspaceFolder folder, Workspace workspace) {
    VersionedTree tree =
        VersionedTree.open(
            folder.tree(), folder.orphans(), workspace.treeRecorder(), workspace::reconcile);
    try {
      StaleMounts.note(folder.mountPoint());
      return new Attachment.Fuse(
          folder.mountPoint(),
          FuseMount.mount(
              threads(),
              id,
              folder.mountPoint(),
              new MagicFileSystem(
                  tree, () -> workspace.journal().history(), workspace.contents())));
    } catch (RuntimeException failure) {
      tree.close();
      throw failure;
    }
  }

  /** A host that cannot mount has none. */
  private synchronized RequestThreads threads() {
    if (threads.isEmpty()) {
      threads = Optional.of(RequestThreads.start());
    }
    return threads.get();
  }

  private static Attachment watch(String id, WorkspaceFolder folder, Workspace workspace) {
    return new Attachment.Folder(
        folder.tree(), FolderWatch.start(id, folder.tree(), workspace::reconcile));
  }

  private static void refuse(String missing) {
    throw new ConcertException(
        ErrorCode.INTERNAL, "The workspace cannot be mounted: " + missing + ".");
  }

  /** What is still mounted gets no more answers. */
  @Override
  public synchronized void close() {
    threads.ifPresent(RequestThreads::close);
  }
}
