package dev.concert.chronicle.tree;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.posix.StatBuffer;
import dev.concert.chronicle.recording.Recorder;
import dev.concert.chronicle.recording.changelog.FileState;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded when, without any mount. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the tree is made of Linux system calls")
class VersionedTreeTest {
  private static final int CREATE = OpenFlags.CREATE | OpenFlags.WRITE_ONLY;

  @TempDir Path home;
  private final List<String> recorded = new ArrayList<>();
  private final List<Runnable> delayed = new ArrayList<>();
  private VersionedTree tree;

  private final class Notes implements Recorder {
    @Override
    public void later(Duration delay, Runnable work) {
      delayed.add(work);
    }

    @Override
    public Optional<Duration> written(FileState file, Content content) {
      byte[] bytes = new byte[100];
      int length = content.read(bytes, 0);
      recorded.add(file.path() + "=" + new String(bytes, 0, length, StandardCharsets.UTF_8));
      return Optional.empty();
    }

    @Override
    public void modeChanged(String path, int mode, boolean shared) {
      recorded.add(path + ":" + Integer.toOctalString(mode));
    }

    @Override
    public void removed(String path) {
      recorded.add("-" + path);
    }

    @Override
    public void renamed(String from, String to) {
      recorded.add(from + ">" + to);
    }

    @Override
    public void exchanged(String one, String other) {
      recorded.add(one + "<>" + other);
    }
  }

  private static final class Root implements CallingProcess {
    @Override
    public int user() {
      return 0;
    }

    @Override
    public int group() {
      return 0;
    }
  }

  @BeforeEach
  void open() throws IOException {
    tree =
        VersionedTree.open(
            Files.createDirectory(home.resolve("tree")),
            Files.createDirectory(home.resolve("orphans")),
            new Notes());
  }

  @AfterEach
  void close() {
    tree.close();
  }

  private long create(String path) {
    return tree.create(path, CREATE, 0644, new Root());
  }

  private void write(long handle, String text, long offset) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocateFrom(text);
      assertThat(tree.write(handle, memory, text.length(), offset)).isEqualTo(text.length());
    }
  }

  @Test
  void a_close_without_writing_is_no_record_but_the_last_one_of_a_new_file_is() {
    long handle = create("f");
    tree.flush(handle);
    assertThat(recorded).isEmpty();
    tree.release(handle);
    assertThat(recorded).containsExactly("f=");
  }

  @Test
  void each_close_after_a_write_records_what_is_there_then() {
    long handle = create("f");
    write(handle, "one", 0);
    tree.flush(handle);
    tree.flush(handle);
    write(handle, "two", 3);
    tree.sync(handle, true);
    tree.release(handle);
    assertThat(recorded).containsExactly("f=one", "f=onetwo");
  }

  @Test
  @Timeout(120)
  void a_hard_link_to_a_pipe_waits_for_nobody() {
    tree.makeNode("pipe", 0010644, 0, new Root());
    assertThat(tree.link("pipe", "other")).isZero();
    assertThat(recorded).isEmpty();
  }

  @Test
  void a_hard_link_to_a_symbolic_link_is_recorded_at_once() {
    tree.symlink("target".getBytes(), "link", new Root());
    assertThat(tree.link("link", "other")).isZero();
    assertThat(recorded).containsExactly("link=target", "other=target");
  }

  @Test
  void a_recording_that_fails_is_tried_again_at_the_next_close() {
    VersionedTree failing =
        VersionedTree.open(
            home.resolve("tree"),
            home.resolve("orphans"),
            new Recorder() {
              private boolean failed;

              @Override
              public Optional<Duration> written(FileState file, Content content) {
                if (!failed) {
                  failed = true;
                  throw new IllegalStateException("disk full");
                }
                recorded.add(file.path());
                return Optional.empty();
              }

              @Override
              public void modeChanged(String path, int mode, boolean shared) {}

              @Override
              public void removed(String path) {}

              @Override
              public void renamed(String from, String to) {}

              @Override
              public void exchanged(String one, String other) {}
            });
    long handle = failing.create("f", CREATE, 0644, new Root());
    failing.truncateOpen(handle, 5);
    assertThatThrownBy(() -> failing.flush(handle)).hasMessage("disk full");
    failing.flush(handle);
    assertThat(recorded).containsExactly("f");
    failing.close();
  }

  @Test
  void an_unlinked_open_file_can_be_written_and_is_recorded_no_more() {
    long handle = create("d");
    write(handle, "x", 0);
    tree.flush(handle);
    assertThat(tree.unlink("d")).isZero();
    write(handle, "y", 1);
    tree.flush(handle);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(10);
      assertThat(tree.read(handle, memory, 10, 0)).isEqualTo(2);
      MemorySegment status = arena.allocate(StatBuffer.SIZE_OF, 8);
      assertThat(tree.statusOfOpen(handle, status)).isZero();
      assertThat(new StatBuffer(status).links()).isZero();
    }
    tree.release(handle);
    assertThat(recorded).containsExactly("d=x", "-d");
    assertThat(home.resolve("tree")).isEmptyDirectory();
    assertThat(home.resolve("orphans")).isEmptyDirectory();
  }

  @Test
  void names_links_and_lengths_are_recorded_at_once() {
    long handle = create("a");
    write(handle, "abc", 0);
    tree.release(handle);
    tree.truncate("a", 2);
    tree.symlink("a".getBytes(), "l", new Root());
    tree.link("a", "h");
    tree.rename("a", "h");
    tree.rename("a", "b");
    tree.unlink("b");
    assertThat(recorded).containsExactly("a=abc", "a=ab", "l=a", "h=ab", "a>b", "-b");
  }

  @Test
  void what_is_emptied_by_opening_it_is_recorded_with_what_is_written_next() {
    long handle = create("a");
    write(handle, "abc", 0);
    tree.release(handle);
    long again = tree.open("a", OpenFlags.WRITE_ONLY);
    tree.truncate("a", 0);
    write(again, "de", 0);
    tree.release(again);
    long only = tree.open("a", OpenFlags.WRITE_ONLY);
    tree.truncate("a", 0);
    tree.release(only);
    assertThat(recorded).containsExactly("a=abc", "a=de", "a=");
  }

  @Test
  void what_is_emptied_while_another_writes_it_is_recorded_at_once() {
    long handle = create("a");
    write(handle, "abc", 0);
    tree.flush(handle);
    tree.truncate("a", 0);
    assertThat(recorded).containsExactly("a=abc", "a=");
    tree.release(handle);
  }

  @Test
  void failures_are_negative_errnos_and_no_records() {
    assertThat(tree.unlink("none")).isEqualTo(-Errno.ENOENT);
    assertThat(tree.rename("none", "x")).isEqualTo(-Errno.ENOENT);
    assertThat(tree.open("none", OpenFlags.READ_ONLY)).isEqualTo(-Errno.ENOENT);
    assertThat(tree.truncate("none", 1)).isEqualTo(-Errno.ENOENT);
    assertThat(tree.makeDirectory("none/d", 0755, new Root())).isEqualTo(-Errno.ENOENT);
    assertThat(recorded).isEmpty();
  }

  @Test
  void what_is_read_is_what_was_written() {
    long handle = create("f");
    write(handle, "hello", 2);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(10);
      assertThat(tree.read(handle, memory, 10, 0)).isEqualTo(7);
      assertThat(memory.asSlice(0, 7).toArray(JAVA_BYTE))
          .isEqualTo("\0\0hello".getBytes(StandardCharsets.UTF_8));
    }
  }
}
