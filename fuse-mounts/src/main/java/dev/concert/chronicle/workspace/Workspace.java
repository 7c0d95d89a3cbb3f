package dev.concert.chronicle.workspace;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Journal;
import dev.concert.chronicle.recording.Reconciliation;
import dev.concert.chronicle.recording.Recorder;
import dev.concert.chronicle.recording.SynchronousRecorder;
import dev.concert.chronicle.tree.NioTreeView;
import dev.concert.chronicle.tree.PosixTreeView;
import dev.concert.chronicle.tree.TreeView;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/** An open workspace: its journal and a view of its files. */
record Workspace(Journal journal, TreeView view, ContentStore contents) implements AutoCloseable {

  static Workspace open(
      WorkspaceFolder folder, ContentStore contents, Consumer<List<Iteration>> listener) {
    Journal journal = Journal.open(folder.journal(), InstantSource.system(), listener);
    return new Workspace(journal, viewOf(folder.tree()), contents);
  }

  private static TreeView viewOf(Path tree) {
    return "Linux".equals(System.getProperty("os.name"))
        ? PosixTreeView.open(tree)
        : NioTreeView.open(tree);
  }

  Recorder recorder() {
    return new SynchronousRecorder(contents, journal);
  }

  /** Enters what changed on the disk without being reported. */
  void reconcile() {
    new Reconciliation(view, journal.history(), recorder()).run();
  }

  @Override
  public void close() {
    view.close();
    journal.close();
  }
}
