package dev.concert.chronicle.workspace;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Journal;
import dev.concert.chronicle.recording.BackgroundRecorder;
import dev.concert.chronicle.recording.Reconciliation;
import dev.concert.chronicle.recording.RecordingWorkers;
import dev.concert.chronicle.recording.SynchronousRecorder;
import dev.concert.chronicle.tree.NioTreeView;
import dev.concert.chronicle.tree.PosixTreeView;
import dev.concert.chronicle.tree.TreeView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/** An open workspace: its journal and a view of its files. */
record Workspace(
    Journal journal, TreeView view, ContentStore contents, BackgroundRecorder background)
    implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  static Workspace open(
      WorkspaceFolder folder,
      ContentStore contents,
      RecordingWorkers workers,
      Consumer<List<Iteration>> listener) {
    Journal journal = Journal.open(folder.journal(), InstantSource.system(), listener);
    TreeView view = viewOf(folder.tree());
    BackgroundRecorder background = new BackgroundRecorder(view, contents, journal, workers);
    background.resume();
    return new Workspace(journal, view, contents, background);
  }

  private static TreeView viewOf(Path tree) {
    return "Linux".equals(System.getProperty("os.name"))
        ? PosixTreeView.open(tree)
        : NioTreeView.open(tree);
  }

  /** What is closed before this is called is among the iterations afterwards, if it can be. */
  Workspace settled(String path) {
    background.await(path, PATIENCE);
    return this;
  }

  /** Enters what changed on the disk without being reported. */
  void reconcile() {
    background.settle("");
    new Reconciliation(view, journal.history(), new SynchronousRecorder(contents, journal)).run();
  }

  @Override
  public void close() {
    background.close();
    view.close();
    journal.close();
  }
}
