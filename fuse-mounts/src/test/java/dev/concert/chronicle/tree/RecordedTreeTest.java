package dev.concert.chronicle.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.workspace.Awaiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
    Awaiting.until(() -> files.texts("log").contains("one"));
    assertThat(files.tree.rename("log", "old")).isZero();
    files.write(handle, "two".getBytes(StandardCharsets.UTF_8), 3);
    Awaiting.until(() -> files.texts("old").contains("onetwo"));
    files.close("old", handle);
    assertThat(files.texts("old")).containsExactly("one", "one", "onetwo");
  }

  @Test
  void a_file_that_is_written_all_the_time_gets_an_iteration_at_most_every_second() {
    long handle = files.tree.create("log", OpenFlags.WRITE_ONLY, 0644, RecordedTree.ROOT);
    StringBuilder written = new StringBuilder();
    Awaiting.until(
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
    reader.get(20, TimeUnit.SECONDS);
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
    Awaiting.until(() -> logSize() < 100_000);
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
}
