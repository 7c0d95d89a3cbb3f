package dev.concert.chronicle.workspace;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Snapshot;
import dev.concert.chronicle.journal.History;
import dev.concert.chronicle.replication.master.MasterWorkspace;
import dev.concert.error.ConcertException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** A workspace of this host as its master needs it, in use or not. */
public final class ReplicatedWorkspace implements MasterWorkspace {
  /** A mount that hangs must not take the master along. */
  private static final int TIMEOUT_SECONDS = 60;

  private static final int LONG_TIMEOUT_SECONDS = 540;

  private final WorkspaceHandle slot;
  private final ContentStore contents;
  private final ExecutorService writers;
  private final FolderScan folders;

  /**
   * @param tree where the live files are
   * @param writers platform threads: a write through a mount may be answered by this very process
   */
  ReplicatedWorkspace(
      WorkspaceHandle slot, Path tree, ContentStore contents, ExecutorService writers) {
    this.slot = slot;
    this.folders = new FolderScan(tree);
    this.contents = contents;
    this.writers = writers;
  }

  private <T> T ask(Function<History, T> question) {
    return slot.with(workspace -> question.apply(workspace.journal().history()));
  }

  @Override
  public List<Iteration> since(long sequence, int limit) {
    return ask(history -> history.since(sequence, limit));
  }

  @Override
  public long latest() {
    return ask(History::latest);
  }

  @Override
  public Snapshot snapshot() {
    return ask(History::snapshot);
  }

  @Override
  public long latestOf(String path) {
    return slot.with(
        workspace -> {
          // What was not kept must not be replaced as if it were not there.
          workspace.keepSkipped(path);
          return workspace.journal().history().latestOf(path);
        });
  }

  @Override
  public List<Iteration> of(String path) {
    return ask(history -> history.of(path));
  }

  @Override
  public Optional<OpenContent> content(String hash, long size) {
    return contents.content(hash, size);
  }

  @Override
  public void write(String path, Kind kind, int mode, OpenContent content) {
    change(path, files -> files.write(path, kind, mode, content));
  }

  @Override
  public void delete(String path, Predicate<String> keeps) {
    change(path, files -> files.delete(path, keeps));
  }

  @Override
  public Map<String, Integer> emptyFolders() {
    return folders.empty();
  }

  @Override
  public boolean hasFolder(String path) {
    return folders.exists(path);
  }

  @Override
  public void makeFolder(String path, int mode) {
    change(path, files -> files.makeFolder(path, mode));
  }

  @Override
  public void removeFolder(String path) {
    change(path, files -> files.removeFolder(path));
  }

  /** Changes a path, as a process inside of the workspace would. */
  public void change(String path, Consumer<LiveFiles> work) {
    await(writers.submit(() -> slot.change(path, work)), TIMEOUT_SECONDS);
  }

  /** Changes any number of paths, as a process inside of the workspace would. */
  public void changeMany(Consumer<LiveFiles> work) {
    await(writers.submit(() -> slot.changeMany(work)), LONG_TIMEOUT_SECONDS);
  }

  private static void await(Future<?> change, int seconds) {
    try {
      change.get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ConcertException refused) {
        throw refused;
      }
      throw new IllegalStateException("The workspace cannot be written", e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("The workspace does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }
}
