package dev.concert.chronicle.workspace;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.LiveFile;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.journal.History;
import dev.concert.chronicle.journal.Journal;
import dev.concert.chronicle.recording.LoggedRecorder;
import dev.concert.chronicle.recording.Recorder;
import dev.concert.chronicle.recording.RecordingLimits;
import dev.concert.chronicle.recording.RecordingWorkers;
import dev.concert.chronicle.versioning.VersioningPolicy;
import dev.concert.chronicle.view.DeferredFilesInTree;
import dev.concert.chronicle.view.NioTreeView;
import dev.concert.chronicle.view.PosixTreeView;
import dev.concert.chronicle.view.TreeFile;
import dev.concert.chronicle.view.TreeScanner;
import dev.concert.chronicle.view.TreeView;
import dev.concert.foundation.files.LockFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open workspace: its journal, what enters changes into it, and a view of its files. */
public final class Workspace implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workspace.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(2);

  /** Shorter than the time that the gateway gives. */
  private static final Duration READERS_TIMEOUT = Duration.ofSeconds(8);

  private final Journal journal;
  private final TreeView view;
  private final ContentStore contents;
  private final Optional<LockFile> lock;
  private final Optional<LoggedRecorder> recorder;
  private volatile Runnable beforeRead = () -> {};
  private volatile BiConsumer<String, Duration> again = (path, delay) -> {};

  private Workspace(
      Journal journal,
      TreeView view,
      ContentStore contents,
      Optional<LockFile> lock,
      Optional<LoggedRecorder> recorder) {
    this.journal = journal;
    this.view = view;
    this.contents = contents;
    this.lock = lock;
    this.recorder = recorder;
  }

  /**
   * Opens it; where another process has it in use, only to be read.
   *
   * @param versioning which files have versions, where the workspace does not say itself
   * @param listener gets the iterations that come to be, when they are durable
   */
  static Workspace open(
      WorkspaceFolder folder,
      ContentStore contents,
      VersioningPolicy versioning,
      RecordingWorkers workers,
      Consumer<List<Iteration>> listener) {
    Journal journal =
        Journal.open(folder.journal(), InstantSource.system(), listener, versioning.excluded());
    TreeView view = viewOf(folder.tree());
    Optional<LockFile> lock = lockChangeLog(folder.metadata());
    lock.ifPresent(_ -> UploadNames.clear(folder.orphans()));
    Optional<LoggedRecorder> recorder =
        lock.map(
            held ->
                LoggedRecorder.open(
                    folder.metadata(),
                    new DeferredFilesInTree(view, folder.orphans()),
                    contents,
                    journal,
                    workers,
                    RecordingLimits.USUAL,
                    () -> versioning));
    return new Workspace(journal, view, contents, lock, recorder);
  }

  static TreeView viewOf(Path tree) {
    return "Linux".equals(System.getProperty("os.name"))
        ? PosixTreeView.open(tree)
        : NioTreeView.open(tree);
  }

  /**
   * With everything in it that happened before the call, as far as it can be entered: who asks does
   * not wait for long until large contents are read.
   */
  public Journal journal() {
    beforeRead.run();
    if (recorder.isPresent() && !drain(READERS_TIMEOUT)) {
      LOG.warn("A reader does not see the latest changes of a workspace");
    }
    return journal;
  }

  /**
   * Runs this before each reader gets the journal: a folder that is only watched has changes of
   * which nobody was told yet.
   */
  void beforeReads(Runnable look) {
    beforeRead = look;
  }

  public TreeView view() {
    return view;
  }

  public ContentStore contents() {
    return contents;
  }

  LoggedRecorder recorder() {
    return recorder.orElseThrow(
        () -> new IllegalStateException("Another process has the workspace in use"));
  }

  /** For a tree into which files come from outside. */
  Recorder treeRecorder() {
    return new UploadRecorder(recorder(), view, this::again);
  }

  /** Sets what records a path after a while that a rule or a busy disk left out now. */
  void recordingLater(BiConsumer<String, Duration> later) {
    again = later;
  }

  private void again(String path, Duration delay) {
    again.accept(path, delay);
  }

  /** Why changes cannot be entered at the moment; empty where they can. */
  public Optional<Throwable> failure() {
    return recorder.flatMap(LoggedRecorder::failure);
  }

  /** Enters what changed on the disk without being reported. */
  void reconcile() {
    if (!recorder().drain(TIMEOUT)) {
      throw notEntered();
    }
    new TreeScanner(view, journal.history(), recorder()).run();
  }

  /**
   * The same for a tree that is mounted, whose names do not change meanwhile: does not wait for
   * large contents to be read, because others wait for it.
   */
  void reconcileMounted() {
    if (!drain(SHORT_TIMEOUT)) {
      throw notEntered();
    }
    TreeScanner.ofMounted(view, journal.history(), recorder(), this::again).run();
  }

  /**
   * Enters what was logged, as far as that goes.
   *
   * @param whileReading for how long to wait if large contents have still to be read
   */
  private boolean drain(Duration whileReading) {
    return recorder().drain(whileReading) || !recorder().readsLater() && recorder().drain(TIMEOUT);
  }

  private IllegalStateException notEntered() {
    return new IllegalStateException(
        "The changes of the workspace cannot be entered", failure().orElse(null));
  }

  /** The same for one path; no other one is looked at. */
  void reconcile(String path) {
    if (!drain(READERS_TIMEOUT)) {
      LOG.warn("A path is compared with a history that lacks its latest changes");
    }
    new TreeScanner(view, journal.history(), recorder()).look(path);
  }

  /**
   * Enters the present content of a path some version of which was not kept, before it is replaced:
   * nothing else has it. Blocks while it is read.
   */
  public void keepSkipped(String path) {
    History history = journal().history();
    if (history.skipped(path).isEmpty()) {
      return;
    }
    Optional<Signature> there =
        view.find(path).filter(file -> file.type() == TreeFile.Type.FILE).map(TreeFile::signature);
    if (there.isPresent() && !there.equals(history.live(path).map(LiveFile::signature))) {
      reconcile(path);
      if (!recorder().drain(TIMEOUT)) {
        throw notEntered();
      }
    }
  }

  @Override
  public void close() {
    recorder.ifPresent(LoggedRecorder::close);
    lock.ifPresent(LockFile::close);
    view.close();
    journal.close();
  }

  /** The right to write the change log, which one process has; empty when another has it. */
  private static Optional<LockFile> lockChangeLog(Path metadata) {
    try {
      return LockFile.tryLock(metadata.resolve("changes.lock"));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot lock the change log", e);
    }
  }
}
