package dev.concert.chronicle.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Journal;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.tree.NioTreeView;
import dev.concert.chronicle.tree.OpenContent;
import dev.concert.chronicle.tree.TreeFile;
import dev.concert.chronicle.tree.TreeView;
import dev.concert.chronicle.workspace.Awaiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promises are made at once and kept later. */
class BackgroundRecorderTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long INODE = 7;

  @TempDir Path home;
  private final List<Iteration> heard = new CopyOnWriteArrayList<>();
  private final Gate gate = new Gate();
  private final RecordingWorkers workers = new RecordingWorkers();
  private Path tree;
  private ContentStore store;
  private Journal journal;
  private BackgroundRecorder recorder;

  /** A view that can be held up or break when content is asked for. */
  private final class Gate implements TreeView {
    private volatile CountDownLatch opens = new CountDownLatch(0);
    private volatile boolean broken;

    private TreeView sound() {
      return NioTreeView.open(tree);
    }

    @Override
    public Optional<TreeFile> find(String path) {
      return sound().find(path);
    }

    @Override
    public List<TreeFile> children(String folder) {
      return sound().children(folder);
    }

    @Override
    public Optional<OpenContent> open(String path) {
      try {
        opens.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (broken) {
        throw new UncheckedIOException(new IOException("No space left on device"));
      }
      return sound().open(path);
    }

    @Override
    public Optional<String> readLink(String path) {
      return sound().readLink(path);
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void open() throws IOException {
    tree = Files.createDirectories(home.resolve("tree"));
    store = ContentStore.open(home.resolve("cas"));
    journal = Journal.open(home.resolve("j.db"), InstantSource.system(), heard::addAll);
    recorder = new BackgroundRecorder(gate, store, journal, workers);
  }

  @AfterEach
  void close() {
    gate.opens.countDown();
    workers.close();
    recorder.close();
    journal.close();
  }

  private void closed(String path, String content) throws IOException {
    Files.writeString(tree.resolve(path), content);
    TreeFile file = gate.find(path).orElseThrow();
    var seen =
        new dev.concert.chronicle.iteration.Signature(
            file.signature().size(), file.signature().modifiedNanos(), INODE + path.length());
    recorder.written(
        path,
        Kind.FILE,
        0644,
        seen,
        (into, position) -> {
          throw new AssertionError("The content is not read on the write path");
        });
  }

  private String content(Iteration iteration) {
    return new String(store.read(iteration.hash()).orElseThrow(), StandardCharsets.UTF_8);
  }

  @Test
  void a_close_returns_while_the_content_is_not_stored_and_nobody_sees_an_iteration_yet()
      throws IOException {
    gate.opens = new CountDownLatch(1);
    closed("a", "one");
    assertThat(journal.history().promised()).containsOnlyKeys("a");
    assertThat(journal.history().since(0, 10)).isEmpty();
    gate.opens.countDown();
    recorder.await("", PATIENCE);
    assertThat(journal.history().of("a")).extracting(this::content).containsExactly("one");
    assertThat(heard).hasSize(1);
  }

  @Test
  void what_changes_a_file_waits_until_its_last_content_is_stored() throws Exception {
    gate.opens = new CountDownLatch(1);
    closed("a", "one");
    CompletableFuture<Void> change = CompletableFuture.runAsync(() -> recorder.changing(INODE + 1));
    assertThat(change).isNotDone();
    gate.opens.countDown();
    change.join();
    closed("a", "two");
    recorder.settle("a");
    assertThat(journal.history().of("a")).extracting(this::content).containsExactly("one", "two");
  }

  @Test
  void content_that_is_what_it_was_makes_no_iteration_and_no_hole() throws IOException {
    for (String content : List.of("one", "one", "two", "two", "one")) {
      closed("a", content);
      closed("bb", content);
      recorder.settle("");
    }
    assertThat(journal.history().of("a"))
        .extracting(this::content)
        .containsExactly("one", "two", "one");
    assertThat(heard).extracting(Iteration::sequence).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(journal.history().promised()).isEmpty();
  }

  @Test
  void what_cannot_be_stored_stays_promised_is_no_failure_of_the_close_and_is_tried_again()
      throws IOException {
    gate.broken = true;
    closed("a", "one");
    Awaiting.until(recorder::isFailing);
    assertThatThrownBy(() -> recorder.changing(INODE + 1)).hasMessageContaining("No space");
    assertThat(journal.history().promised()).containsOnlyKeys("a");
    gate.broken = false;
    Awaiting.until(() -> !recorder.isFailing());
    assertThat(journal.history().of("a")).extracting(this::content).containsExactly("one");
  }

  @Test
  void a_reader_does_not_wait_for_what_cannot_be_stored_or_longer_than_it_wants()
      throws IOException {
    gate.broken = true;
    closed("a", "one");
    recorder.await("", PATIENCE);
    assertThat(journal.history().since(0, 10)).isEmpty();
    gate.broken = false;
    gate.opens = new CountDownLatch(1);
    closed("bb", "two");
    recorder.await("bb", Duration.ofMillis(1));
    assertThat(journal.history().of("bb")).isEmpty();
  }

  @Test
  void a_promise_that_a_killed_process_left_is_kept_by_the_next_one() throws IOException {
    gate.broken = true;
    closed("a", "one");
    closed("gone", "x");
    Files.delete(tree.resolve("gone"));
    Awaiting.until(recorder::isFailing);
    gate.broken = false;
    try (BackgroundRecorder next = new BackgroundRecorder(gate, store, journal, workers)) {
      next.resume();
      next.await("", PATIENCE);
      assertThat(journal.history().of("a")).extracting(this::content).containsExactly("one");
      assertThat(journal.history().of("gone")).isEmpty();
      assertThat(journal.history().promised()).isEmpty();
    }
  }
}
