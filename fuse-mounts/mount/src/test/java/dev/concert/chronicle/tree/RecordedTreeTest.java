package dev.concert.chronicle.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Which iterations come to be of what happens in a tree. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the tree is made of Linux system calls")
class RecordedTreeTest {
  private static final int LARGE = 300_000;

  @TempDir Path home;
  private RecordedTree files;

  @BeforeEach
  void open() throws IOException {
    files = new RecordedTree(home);
  }

  @AfterEach
  void close() {
    files.close();
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @Test
  void each_close_after_a_write_is_an_iteration_and_what_changes_nothing_is_none() {
    files.write("f", "one");
    files.write("f", "two");
    files.write("f", "two");
    assertThat(files.texts("f")).containsExactly("one", "two");
    assertThat(files.heard).extracting(Iteration::sequence).containsExactly(1L, 2L);
  }

  @Test
  void large_content_is_what_it_was_at_its_close_however_fast_it_changes_after() {
    byte[] bytes = random(LARGE);
    for (int round = 0; round < 20; round++) {
      bytes[0] = (byte) round;
      files.write("f", bytes);
    }
    List<Iteration> history = files.history("f");
    assertThat(history).hasSize(20);
    for (int round = 0; round < 20; round++) {
      bytes[0] = (byte) round;
      assertThat(files.content(history.get(round))).isEqualTo(bytes);
    }
  }

  @Test
  void large_content_is_kept_although_its_file_is_removed_or_replaced_at_once() throws IOException {
    byte[] bytes = random(LARGE);
    files.write("removed", bytes);
    assertThat(files.tree.unlink("removed")).isZero();
    files.write("replaced", bytes);
    files.write("new", "small");
    assertThat(files.tree.rename("new", "replaced")).isZero();

    List<Iteration> removed = files.history("removed");
    assertThat(removed)
        .extracting(Iteration::change)
        .containsExactly(Change.CREATED, Change.DELETED);
    assertThat(files.content(removed.getFirst())).isEqualTo(bytes);
    assertThat(files.content(files.history("replaced").getFirst())).isEqualTo(bytes);
    assertThat(files.texts("replaced").getLast()).isEqualTo("small");
    assertThat(home.resolve("orphans")).isEmptyDirectory();
    try (var left = Files.list(home.resolve("tree"))) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  void permissions_are_part_of_an_iteration() {
    files.write("f", "x");
    assertThat(files.tree.changeMode("f", 0600)).isZero();
    assertThat(files.tree.changeMode("f", 0600)).isZero();
    List<Iteration> history = files.history("f");
    assertThat(history).extracting(Iteration::mode).containsExactly(0644, 0600);
    assertThat(history).extracting(Iteration::hash).containsOnly(history.getFirst().hash());
  }

  @Test
  void all_names_of_a_file_change_with_it() {
    files.write("a", "one");
    assertThat(files.tree.link("a", "b")).isZero();
    files.write("b", "two");
    assertThat(files.tree.changeMode("a", 0600)).isZero();
    assertThat(files.texts("a")).containsExactly("one", "two", "two");
    assertThat(files.texts("b")).containsExactly("one", "two", "two");
    assertThat(files.tree.unlink("a")).isZero();
    files.write("b", "three");
    assertThat(files.texts("a")).endsWith("two", "-");
    assertThat(files.texts("b")).endsWith("two", "three");
  }

  @Test
  void a_file_that_is_held_open_gets_an_iteration_within_about_a_second() {
    long handle = files.tree.create("log", OpenFlags.WRITE_ONLY, 0644, RecordedTree.ROOT);
    files.write(handle, "one".getBytes(StandardCharsets.UTF_8), 0);
    Await.until(() -> files.texts("log").contains("one"));
    assertThat(files.tree.rename("log", "old")).isZero();
    files.write(handle, "two".getBytes(StandardCharsets.UTF_8), 3);
    Await.until(() -> files.texts("old").contains("onetwo"));
    files.close("old", handle);
    assertThat(files.texts("old")).containsExactly("one", "one", "onetwo");
  }

  @Test
  void a_file_that_is_written_all_the_time_gets_an_iteration_at_most_every_second() {
    long handle = files.tree.create("log", OpenFlags.WRITE_ONLY, 0644, RecordedTree.ROOT);
    StringBuilder written = new StringBuilder();
    Await.until(
        () -> {
          files.write(handle, "line\n".getBytes(StandardCharsets.UTF_8), written.length());
          written.append("line\n");
          return files.heard.size() == 2;
        });
    files.close("log", handle);
    List<Iteration> history = files.history("log");

    assertThat(history.get(1).timestamp() - history.get(0).timestamp()).isGreaterThanOrEqualTo(950);
    assertThat(files.texts("log")).allMatch(written.toString()::startsWith);
    assertThat(files.texts("log").getLast()).isEqualTo(written.toString());
  }

  @Test
  void an_open_file_that_lost_its_name_is_recorded_under_none() {
    long handle = files.tree.create("f", OpenFlags.WRITE_ONLY, 0644, RecordedTree.ROOT);
    files.write(handle, "old".getBytes(StandardCharsets.UTF_8), 0);
    files.tree.flush(handle);
    files.write("other", "new");
    assertThat(files.tree.rename("other", "f")).isZero();
    files.write(handle, "late".getBytes(StandardCharsets.UTF_8), 0);
    files.close("f", handle);
    assertThat(files.texts("f")).containsExactly("old", "new");
  }

  @Test
  void a_writer_is_not_held_up_by_who_reads_the_history() throws Exception {
    CompletableFuture<Void> reader =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 50; i++) {
                files.history("f");
              }
            });
    for (int i = 0; i < 200; i++) {
      files.write("f", "content " + i);
    }
    reader.get(3, TimeUnit.MINUTES);
    assertThat(files.history("f")).hasSize(200);
  }

  @Test
  void the_log_is_freed_when_it_is_applied() throws IOException {
    byte[] bytes = random(60_000);
    for (int i = 0; i < 200; i++) {
      bytes[0] = (byte) i;
      files.write("f", Arrays.copyOf(bytes, bytes.length));
    }
    assertThat(files.history("f")).hasSize(200);
    Await.until(() -> logSize() < 100_000);
  }

  private long logSize() {
    try (var all = Files.newDirectoryStream(home.resolve("metadata"), "changes-*.log")) {
      long size = 0;
      for (Path one : all) {
        size += Files.size(one);
      }
      return size;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aSparseTerabyteHoldsUpNobodyAndIsRemoved() throws IOException {
    long terabyte = 1L << 40;
    long begin = System.nanoTime();
    long handle = files.tree.create("big", OpenFlags.READ_WRITE, 0644, RecordedTree.ROOT);
    files.tree.truncateOpen(handle, terabyte);
    files.write(handle, "end".getBytes(), terabyte - 3);
    files.close("big", handle);
    files.tree.unlink("big");
    files.write("x", "hi");

    assertThat(files.texts("x")).containsExactly("hi");
    List<Iteration> history = files.history("big");
    assertThat(history).extracting(Iteration::size).containsExactly(terabyte, 0L);
    assertThat(files.store.read(history.getFirst().hash(), terabyte - 3, 9))
        .hasValue("end".getBytes());
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    Await.until(() -> files.home.resolve("orphans").toFile().list().length == 0);
  }

  @Test
  void aVersionThatIsReadInPartIsWhatTheFileWas() throws IOException {
    Random random = new Random(3);
    byte[] bytes = random(20 << 20);
    files.write("f", bytes);
    assertThat(files.history("f")).hasSize(1);
    for (int version = 2; version <= 12; version++) {
      long handle = files.tree.open("f", OpenFlags.READ_WRITE);
      for (int change = random.nextInt(3); change >= 0; change--) {
        change(handle, random);
      }
      files.close("f", handle);
      byte[] now = Files.readAllBytes(files.home.resolve("tree/f"));
      List<Iteration> history = files.history("f");
      assertThat(history.getLast().hash()).isEqualTo(ContentHash.of(Content.of(now)));
      assertThat(files.content(history.getLast())).isEqualTo(now);
    }
  }

  private void change(long handle, Random random) {
    int at = random.nextInt(18 << 20);
    switch (random.nextInt(5)) {
      case 0 -> files.tree.truncateOpen(handle, (17 << 20) + at / 3);
      case 1 -> files.tree.allocate(handle, 3, at, random.nextInt(2 << 20));
      case 2 -> files.tree.copy(handle, at, handle, 22L << 20, random.nextInt(1 << 20));
      case 3 -> files.write(handle, random(random.nextInt(100) + 1), (20L << 20) + at);
      default -> files.write(handle, random(random.nextInt(100_000) + 1), at);
    }
  }

  @Test
  void whatIsAppendedToALargeFileIsAllThatIsReadOfIt() throws IOException {
    byte[] bytes = random(64 << 20);
    files.write("log", bytes);
    assertThat(files.history("log")).hasSize(1);
    long before = readByThisProcess();
    for (int line = 0; line < 5; line++) {
      long handle = files.tree.open("log", OpenFlags.WRITE_ONLY);
      files.write(handle, "line".getBytes(), bytes.length + 4L * line);
      files.close("log", handle);
      assertThat(files.history("log")).hasSize(line + 2);
    }

    assertThat(readByThisProcess() - before).isLessThan(32L << 20);
  }

  /** Bytes, from files and all else. */
  private static long readByThisProcess() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/io")).stream()
        .filter(line -> line.startsWith("rchar:"))
        .mapToLong(line -> Long.parseLong(line.substring(6).strip()))
        .sum();
  }

  @Test
  void anotherFileWithTheNumberOfALargeOneIsReadAnew() throws IOException {
    for (int file = 0; file < 6; file++) {
      files.write("f", random((17 << 20) + file));
      assertThat(files.history("f")).isNotEmpty();
      files.tree.unlink("f");
      long handle = files.tree.create("g", OpenFlags.READ_WRITE, 0644, RecordedTree.ROOT);
      files.tree.truncateOpen(handle, 17 << 20);
      files.write(handle, random(1000 + file), 5 << 20);
      files.close("g", handle);
      assertThat(files.content(files.history("g").getLast()))
          .isEqualTo(Files.readAllBytes(files.home.resolve("tree/g")));
      files.tree.unlink("g");
    }
  }

  @Test
  void twoNamesThatAreSwappedHaveEachOthersContentAtOnce() {
    files.write("live", "OLD");
    files.write("staged", "NEW");
    long handle = files.tree.open("live", OpenFlags.WRITE_ONLY);
    files.tree.exchange("live", "staged");
    files.write(handle, "DIRTY".getBytes(), 0);
    files.close("staged", handle);
    files.write("live", "EDIT");

    assertThat(files.texts("live")).containsExactly("OLD", "NEW", "EDIT");
    assertThat(files.texts("staged")).containsExactly("NEW", "OLD", "DIRTY");
  }

  @Test
  void theTargetOfASymlinkNeedNotBeText() {
    byte[] target = {'a', (byte) 0xff, '/', (byte) 0xc3};
    assertThat(files.tree.symlink(target, "link", RecordedTree.ROOT)).isZero();

    assertThat(files.content(files.history("link").getFirst())).isEqualTo(target);
  }
}
