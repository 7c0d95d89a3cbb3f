package dev.concert.chronicle.jnr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.binding.Forgetful;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.posix.StatBuffer;
import dev.concert.chronicle.tree.FileRef;
import dev.concert.chronicle.tree.VersionedTree;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that libfuse wants to rename because they are unlinked while open; needs no mount. */
class HiddenFilesTest {
  private static final String HIDDEN = "d/.fuse_hidden0000000200000001";

  @TempDir Path home;
  private Path tree;
  private VersionedTree files;
  private HiddenFiles hidden;

  @BeforeEach
  void open() throws IOException {
    tree = Files.createDirectory(home.resolve("tree"));
    files =
        VersionedTree.open(tree, Files.createDirectory(home.resolve("orphans")), new Forgetful());
    hidden = new HiddenFiles(files);
    Files.writeString(Files.createDirectory(tree.resolve("d")).resolve("f"), "content");
  }

  @AfterEach
  void close() {
    files.close();
  }

  @ParameterizedTest
  @CsvSource({
    ".fuse_hidden0123456789abcdef, true",
    "a/b/.fuse_hidden0123456789abcdef, true",
    ".fuse_hidden_incoming_1, false",
    ".fuse_hidden0123456789abcdefg, false",
    ".fuse_hidden01234567/f, false",
    "f, false"
  })
  void only_the_names_that_libfuse_makes_are_hidden(String path, boolean expected) {
    assertThat(HiddenFiles.isHidden(path)).isEqualTo(expected);
  }

  @Test
  void hiding_a_file_unlinks_it_and_keeps_its_content_by_a_handle() throws IOException {
    assertThat(hidden.hide("d/f", HIDDEN)).isZero();

    try (var left = Files.list(tree.resolve("d"))) {
      assertThat(left).isEmpty();
    }
    long handle = hidden.handle(HIDDEN).orElseThrow();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(StatBuffer.SIZE_OF, 8);
      assertThat(files.statusOfOpen(handle, status)).isZero();
      assertThat(new StatBuffer(status).size()).isEqualTo(7);
      assertThat(new StatBuffer(status).links()).isZero();
    }
    assertThat(hidden.ref(HIDDEN)).isEqualTo(new FileRef.Open(handle));
    assertThat(hidden.ref("d/other")).isEqualTo(new FileRef.Named("d/other"));
  }

  @Test
  void the_handle_is_found_after_the_folder_was_renamed() {
    hidden.hide("d/f", HIDDEN);

    assertThat(hidden.handle(HIDDEN.replace("d/", "elsewhere/"))).isPresent();
  }

  @Test
  void the_last_close_releases_the_handle() {
    hidden.hide("d/f", HIDDEN);
    long handle = hidden.handle(HIDDEN).orElseThrow();

    assertThat(hidden.forget(HIDDEN)).isTrue();

    assertThat(hidden.handle(HIDDEN)).isEmpty();
    assertThat(hidden.forget(HIDDEN)).isFalse();
    assertThatThrownBy(() -> files.reopen(handle, OpenFlags.READ_ONLY))
        .isInstanceOf(PosixException.class);
  }

  @Test
  void a_file_that_is_not_there_is_not_hidden() {
    assertThat(hidden.hide("d/none", HIDDEN)).isEqualTo(-Errno.ENOENT);
    assertThat(hidden.handle(HIDDEN)).isEmpty();
  }
}
