package dev.concert.chronicle.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.journal.Journal;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.recording.LoggedRecorder;
import dev.concert.chronicle.recording.RecordingLimits;
import dev.concert.chronicle.recording.RecordingWorkers;
import dev.concert.chronicle.versioning.VersioningPolicy;
import dev.concert.chronicle.view.DeferredFilesInTree;
import dev.concert.chronicle.view.PosixTreeView;
import dev.concert.chronicle.view.TreeScanner;
import dev.concert.chronicle.view.TreeView;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A tree without a mount that records as a mounted one does. */
final class RecordedTree implements AutoCloseable {
  static final CallingProcess ROOT =
      new CallingProcess() {
        @Override
        public int user() {
          return 0;
        }

        @Override
        public int group() {
          return 0;
        }
      };

  final Path home;
  final RecordingWorkers workers = new RecordingWorkers();
  final List<Iteration> heard = new CopyOnWriteArrayList<>();
  final ContentStore store;
  final Journal journal;
  final LoggedRecorder recorder;
  final VersionedTree tree;
  private final TreeView view;

  RecordedTree(Path home) throws IOException {
    this.home = home;
    Path root = Files.createDirectories(home.resolve("tree"));
    Path orphans = Files.createDirectories(home.resolve("orphans"));
    store = ContentStore.open(home.resolve("cas"));
    journal = Journal.open(home.resolve("metadata/j.db"), InstantSource.system(), heard::addAll);
    view = PosixTreeView.open(root);
    recorder =
        LoggedRecorder.open(
            home.resolve("metadata"),
            new DeferredFilesInTree(view, orphans),
            store,
            journal,
            workers,
            RecordingLimits.USUAL,
            () -> VersioningPolicy.USUAL);
    tree = VersionedTree.open(root, orphans, recorder, this::reconcile);
  }

  private void reconcile() {
    assertThat(recorder.drain(Duration.ofMinutes(1))).isTrue();
    TreeScanner.ofMounted(view, journal.history(), recorder, tree::recordLater).run();
  }

  /** Makes or empties the file, writes the bytes and closes it. */
  void write(String path, byte[] bytes) {
    long handle = tree.create(path, OpenFlags.WRITE_ONLY | OpenFlags.TRUNCATE, 0644, ROOT);
    assertThat(handle).isPositive();
    write(handle, bytes, 0);
    close(path, handle);
  }

  void write(String path, String text) {
    write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  void write(long handle, byte[] bytes, long offset) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(Math.max(1, bytes.length));
      MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
      assertThat(tree.write(handle, memory, bytes.length, offset)).isEqualTo(bytes.length);
    }
  }

  void close(String path, long handle) {
    tree.flush(handle);
    tree.release(handle);
  }

  /** Everything that happened before is in it. */
  List<Iteration> history(String path) {
    assertThat(recorder.drain(Duration.ofMinutes(1))).isTrue();
    return journal.history().of(path);
  }

  byte[] content(Iteration iteration) {
    return store.read(iteration.hash()).orElseThrow();
  }

  List<String> texts(String path) {
    return history(path).stream()
        .map(one -> one.hash().isEmpty() ? "-" : new String(content(one), StandardCharsets.UTF_8))
        .toList();
  }

  @Override
  public void close() {
    tree.close();
    recorder.close();
    view.close();
    journal.close();
    workers.close();
  }
}
