package dev.concert.chronicle.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.journal.Journal;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.recording.changelog.FileState;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promises, the order of things, and what is left when something breaks. */
@ExpectedLog(logger = "dev.concert.chronicle.recording.ApplierLoop", message = "cannot be entered")
@ExpectedLog(
    logger = "dev.concert.chronicle.recording.LoggedRecorder",
    message = "Changes stay in the log")
class LoggedRecorderTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final long INODE = 42;

  @TempDir Path home;
  private final RecordingWorkers workers = new RecordingWorkers();
  private final RecordingWorkers others = new RecordingWorkers();
  private final List<Iteration> heard = new CopyOnWriteArrayList<>();
  private final Map<String, byte[]> found = new ConcurrentHashMap<>();
  private final CountDownLatch gate = new CountDownLatch(1);
  private ContentStore store;
  private Journal journal;
  private LoggedRecorder recorder;

  /** Where promised files are found after a kill: by the path they had. */
  private final class Found implements DeferredFiles {
    @Override
    public Optional<LastingContent.Kept> find(String name, FileState file) {
      return Optional.ofNullable(found.get(file.path())).map(bytes -> new LargeFile(INODE, bytes));
    }

    @Override
    public void forget(String name) {
      found.remove(name);
    }
  }

  @BeforeEach
  void open() {
    store = ContentStore.open(home.resolve("cas"));
    journal = journal(home.resolve("metadata"));
    recorder = open(home.resolve("metadata"), journal);
  }

  private Journal journal(Path folder) {
    return Journal.open(folder.resolve("j.db"), InstantSource.system(), heard::addAll);
  }

  private LoggedRecorder open(Path folder, Journal into) {
    return open(folder, into, workers);
  }

  private LoggedRecorder open(Path folder, Journal into, RecordingWorkers by) {
    return LoggedRecorder.open(folder, new Found(), store, into, by);
  }

  @AfterEach
  void close() {
    gate.countDown();
    recorder.close();
    journal.close();
    workers.close();
    others.close();
  }

  private static FileState file(String path, int size, long inode) {
    return new FileState(path, Kind.FILE, 0644, false, new Signature(size, 5, inode));
  }

  private void small(String path, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    recorder.written(file(path, bytes.length, 0), Content.of(bytes));
  }

  private byte[] promise(String path) {
    byte[] bytes = path.repeat(100_000).getBytes(StandardCharsets.UTF_8);
    recorder.written(file(path, bytes.length, INODE), new LargeFile(INODE, bytes, gate));
    return bytes;
  }

  private List<byte[]> contents(Journal from, String path) {
    return from.history().of(path).stream()
        .filter(one -> !one.hash().isEmpty())
        .map(one -> store.read(one.hash()).orElseThrow())
        .toList();
  }

  @Test
  void large_content_is_promised_and_who_changes_the_file_waits_until_it_is_read()
      throws Exception {
    byte[] bytes = promise("a");
    small("b", "later");
    assertThat(recorder.readsLater()).isTrue();
    assertThat(recorder.drain(Duration.ofMillis(50))).isFalse();
    assertThat(journal.history().since(0, 10)).isEmpty();
    CompletableFuture<Void> change = CompletableFuture.runAsync(() -> recorder.changing(INODE));
    recorder.changing(INODE + 1);
    Assertions.assertThatThrownBy(() -> change.get(50, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);

    gate.countDown();

    change.get(3, TimeUnit.MINUTES);
    assertThat(recorder.drain(TIMEOUT)).isTrue();
    assertThat(contents(journal, "a")).containsExactly(bytes);
    assertThat(heard).extracting(Iteration::path).containsExactly("a", "b");
    assertThat(recorder.readsLater()).isFalse();
  }

  @Test
  void whoIsKilledWhileHeWaitsForAReadDoesNotWaitOn() throws Exception {
    promise("a");
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread waiting =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    recorder.changing(INODE);
                    ended.complete(null);
                  } catch (PosixException interrupted) {
                    ended.complete(interrupted);
                  }
                });
    Await.until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
    waiting.interrupt();

    assertThat(ended.get(3, TimeUnit.MINUTES)).isInstanceOf(PosixException.class);
    assertThat(recorder.readsLater()).isTrue();
    gate.countDown();
    assertThat(recorder.drain(TIMEOUT)).isTrue();
    assertThat(contents(journal, "a")).hasSize(1);
  }

  @Test
  void aPromiseOfAKilledProcessHoldsUpNobodyButWhoChangesItsFile() throws Exception {
    byte[] bytes = promise("a");
    Path copy = copy(home.resolve("metadata"), "killed");
    CountDownLatch later = new CountDownLatch(1);
    DeferredFiles slow =
        new DeferredFiles() {
          @Override
          public Optional<LastingContent.Kept> find(String name, FileState file) {
            return Optional.of(new LargeFile(INODE, bytes, later));
          }

          @Override
          public void forget(String name) {}
        };
    try (Journal again = journal(copy);
        LoggedRecorder next = LoggedRecorder.open(copy, slow, store, again, others)) {
      next.changing(INODE + 1);
      assertThat(next.drain(Duration.ofMillis(50))).isFalse();
      CompletableFuture<Void> change = CompletableFuture.runAsync(() -> next.changing(INODE));
      Assertions.assertThatThrownBy(() -> change.get(50, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      later.countDown();
      change.get(3, TimeUnit.MINUTES);
      assertThat(next.drain(TIMEOUT)).isTrue();
      assertThat(contents(again, "a")).containsExactly(bytes);
    }
  }

  @Test
  void who_writes_waits_while_too_many_files_have_still_to_be_read() throws Exception {
    byte[] bytes = new byte[100_000];
    for (int i = 0; i < 64; i++) {
      recorder.prepare();
      recorder.written(file("f" + i, bytes.length, i + 1), new LargeFile(INODE, bytes, gate));
    }
    CompletableFuture<Void> next = CompletableFuture.runAsync(recorder::prepare);
    Assertions.assertThatThrownBy(() -> next.get(50, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    gate.countDown();
    next.get(3, TimeUnit.MINUTES);
    assertThat(recorder.drain(TIMEOUT)).isTrue();
    assertThat(heard).hasSize(64);
  }

  @Test
  void the_journal_is_entered_once_for_all_that_came_in_a_while() {
    Path folder = home.resolve("busy");
    AtomicInteger times = new AtomicInteger();
    try (Journal counted =
            Journal.open(
                folder.resolve("j.db"), InstantSource.system(), came -> times.incrementAndGet());
        LoggedRecorder busy = open(folder, counted)) {
      long begin = System.nanoTime();
      for (int i = 0; i < 2_000; i++) {
        busy.written(file("f" + i, 1, 0), Content.of(new byte[] {1}));
        LockSupport.parkNanos(100_000);
      }
      assertThat(busy.drain(TIMEOUT)).isTrue();
      long whiles = Duration.ofNanos(System.nanoTime() - begin).dividedBy(ApplierLoop.BETWEEN);
      assertThat(times.get()).isLessThanOrEqualTo((int) whiles + 3);
    }
  }

  @Test
  void a_file_that_is_promised_gets_another_name_once_and_only_until_it_is_read() {
    promise("a");
    OptionalInt first =
        recorder.losing(
            INODE,
            name -> {
              found.put(name, new byte[0]);
              return 0;
            });
    assertThat(first).hasValue(0);
    assertThat(recorder.losing(INODE, name -> 1)).isEmpty();
    assertThat(found).hasSize(1);
    gate.countDown();
    assertThat(recorder.drain(TIMEOUT)).isTrue();
    assertThat(found).isEmpty();
    assertThat(recorder.losing(INODE, name -> 1)).isEmpty();
  }

  @Test
  void what_a_killed_process_logged_is_entered_by_the_next_one_once() throws IOException {
    byte[] bytes = promise("a");
    small("b", "one");
    recorder.renamed("b", "c");
    recorder.modeChanged("c", 0600, false);
    recorder.removed("c");
    Path copy = copy(home.resolve("metadata"), "killed");
    found.put("a", bytes);

    for (int start = 0; start < 2; start++) {
      try (Journal again = journal(copy);
          LoggedRecorder next = open(copy, again, others)) {
        assertThat(next.drain(TIMEOUT)).isTrue();
        assertThat(contents(again, "a")).containsExactly(bytes);
        assertThat(again.history().of("b")).hasSize(2);
        assertThat(again.history().of("c")).hasSize(4);
        assertThat(again.history().latest()).isEqualTo(5);
      }
    }
  }

  @Test
  void what_was_synced_is_entered_again_where_everything_behind_the_log_is_lost()
      throws IOException {
    small("a", "one");
    small("a", "two");
    recorder.sync();
    assertThat(recorder.drain(TIMEOUT)).isTrue();
    assertThat(contents(journal, "a")).hasSize(2);

    // The log was synced, the journal, the store and the tree were not: the machine takes them
    // along.
    Path rest = copy(home.resolve("metadata"), "rest");
    for (String journalFile : List.of("j.db", "j.db-wal", "j.db-shm")) {
      Files.deleteIfExists(rest.resolve(journalFile));
    }
    store = ContentStore.open(home.resolve("another cas"));
    try (Journal again = journal(rest);
        LoggedRecorder next = open(rest, again, others)) {
      assertThat(next.drain(TIMEOUT)).isTrue();
      assertThat(contents(again, "a"))
          .containsExactly(
              "one".getBytes(StandardCharsets.UTF_8), "two".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void a_promise_whose_file_is_gone_is_no_iteration_and_holds_up_nothing() throws IOException {
    promise("a");
    small("b", "one");
    Path copy = copy(home.resolve("metadata"), "killed");
    try (Journal again = journal(copy);
        LoggedRecorder next = open(copy, again, others)) {
      assertThat(next.drain(TIMEOUT)).isTrue();
      assertThat(again.history().of("a")).isEmpty();
      assertThat(again.history().of("b")).hasSize(1);
    }
  }

  private Path copy(Path folder, String name) throws IOException {
    Path copy = Files.createDirectories(home.resolve(name));
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  @Test
  void while_the_store_cannot_be_written_changes_are_logged_and_entered_when_it_can_again()
      throws IOException {
    Files.move(home.resolve("cas"), home.resolve("away"));
    Files.createFile(home.resolve("cas"));
    small("a", "one");
    assertThat(recorder.drain(TIMEOUT)).isFalse();
    assertThat(recorder.failure()).isPresent();
    small("a", "two");
    recorder.removed("a");
    assertThat(journal.history().since(0, 10)).isEmpty();

    Files.delete(home.resolve("cas"));
    Files.move(home.resolve("away"), home.resolve("cas"));

    Await.until(() -> recorder.drain(TIMEOUT));
    assertThat(recorder.failure()).isEmpty();
    assertThat(heard).hasSize(3);
  }

  @Test
  void a_recorder_that_is_closed_in_trouble_leaves_everything_to_the_next_one() throws IOException {
    Files.move(home.resolve("cas"), home.resolve("away"));
    Files.createFile(home.resolve("cas"));
    small("a", "one");
    recorder.close();
    Files.delete(home.resolve("cas"));
    Files.move(home.resolve("away"), home.resolve("cas"));
    recorder = open(home.resolve("metadata"), journal);
    assertThat(recorder.drain(TIMEOUT)).isTrue();
    assertThat(contents(journal, "a")).hasSize(1);
  }
}
