package dev.concert.chronicle.workspace;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Journal;
import dev.concert.chronicle.recording.LoggedRecorder;
import dev.concert.chronicle.recording.Recorder;
import dev.concert.chronicle.recording.RecordingWorkers;
import dev.concert.chronicle.tree.NioTreeView;
import dev.concert.chronicle.tree.PosixTreeView;
import dev.concert.chronicle.tree.PromisedInTree;
import dev.concert.chronicle.tree.Reconciliation;
import dev.concert.chronicle.tree.TreeView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open workspace: its journal, what enters changes into it, and a view of its files. */
final class Workspace implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workspace.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Journal journal;
  private final TreeView view;
  private final ContentStore contents;
  private final Optional<LogLock> lock;
  private final Optional<LoggedRecorder> recorder;

  private Workspace(
      Journal journal,
      TreeView view,
      ContentStore contents,
      Optional<LogLock> lock,
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
   * @param listener gets the iterations that come to be, when they are durable
   */
  static Workspace open(
      WorkspaceFolder folder,
      ContentStore contents,
      RecordingWorkers workers,
      Consumer<List<Iteration>> listener) {
    Journal journal = Journal.open(folder.journal(), InstantSource.system(), listener);
    TreeView view = viewOf(folder.tree());
    Optional<LogLock> lock = LogLock.tryLock(folder.metadata());
    lock.ifPresent(_ -> Incoming.clear(folder.orphans()));
    Optional<LoggedRecorder> recorder =
        lock.map(
            held ->
                LoggedRecorder.open(
                    folder.metadata(),
                    new PromisedInTree(view, folder.orphans()),
                    contents,
                    journal,
                    workers));
    return new Workspace(journal, view, contents, lock, recorder);
  }

  private static TreeView viewOf(Path tree) {
    return "Linux".equals(System.getProperty("os.name"))
        ? PosixTreeView.open(tree)
        : NioTreeView.open(tree);
  }

  /** With everything in it that happened before the call, as far as it can be entered. */
  Journal journal() {
    if (!recorder.map(one -> one.drain(PATIENCE)).orElse(true)) {
      LOG.warn("A reader does not see the latest changes of a workspace");
    }
    return journal;
  }

  TreeView view() {
    return view;
  }

  ContentStore contents() {
    return contents;
  }

  LoggedRecorder recorder() {
    return recorder.orElseThrow(
        () -> new IllegalStateException("Another process has the workspace in use"));
  }

  /** For a tree into which files come from outside. */
  Recorder treeRecorder() {
    return new ArrivalRecorder(recorder(), view);
  }

  /** Why changes cannot be entered at the moment; empty where they can. */
  Optional<Throwable> trouble() {
    return recorder.flatMap(LoggedRecorder::trouble);
  }

  /** Enters what changed on the disk without being reported. */
  void reconcile() {
    if (!recorder().drain(PATIENCE)) {
      throw new IllegalStateException(
          "The changes of the workspace cannot be entered", trouble().orElse(null));
    }
    new Reconciliation(view, journal.history(), recorder()).run();
  }

  /** The same for one path. */
  void reconcile(String path) {
    new Reconciliation(view, journal().history(), recorder()).look(path);
  }

  @Override
  public void close() {
    recorder.ifPresent(LoggedRecorder::close);
    lock.ifPresent(LogLock::close);
    view.close();
    journal.close();
  }
}
