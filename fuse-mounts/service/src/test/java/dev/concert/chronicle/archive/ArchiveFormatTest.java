package dev.concert.chronicle.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.testing.Shell;
import java.io.FileNotFoundException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Archives as python's modules read them; no mount is needed for it. */
class ArchiveFormatTest {
  @TempDir Path home;
  private ContentStore store;

  @BeforeEach
  void open() {
    store = ContentStore.open(home.resolve("cas"));
  }

  private Iteration file(String path, Kind kind, int mode, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String hash = store.put(Content.of(bytes)).hash();
    return new Iteration(
        1,
        path,
        1,
        Change.CREATED,
        kind,
        mode,
        bytes.length,
        hash,
        1_700_000_000_000L,
        Optional.empty());
  }

  private void write(ArchiveFormat format, List<Iteration> states) throws Exception {
    try (OutputStream out = Files.newOutputStream(home.resolve("archive"))) {
      format.write(new ArchiveSource(states, 0, store), out);
    }
  }

  @ParameterizedTest
  @EnumSource
  void files_modes_symlinks_and_long_names_are_in_an_archive(ArchiveFormat format)
      throws Exception {
    String longName = "ü".repeat(100) + "/" + "n".repeat(200);
    write(
        format,
        List.of(
            file("d/run.sh", Kind.FILE, 0755, "echo hello"),
            file("empty", Kind.FILE, 0600, ""),
            file("link", Kind.SYMLINK, 0777, "d/run.sh"),
            file(longName, Kind.FILE, 0644, "deep")));

    String listed = new Shell(home).run(format == ArchiveFormat.ZIP ? ZIP_LIST : TAR_LIST);
    assertThat(listed.lines())
        .containsExactlyInAnyOrder(
            "d/run.sh file 755 echo hello",
            "empty file 600 ",
            "link link d/run.sh",
            longName + " file 644 deep");
  }

  @Test
  void theTargetOfASymlinkNeedNotBeText() throws Exception {
    byte[] target = {'t', 'o', '-', (byte) 0xff, '/', (byte) 0xc3};
    String hash = store.put(Content.of(target)).hash();
    write(
        ArchiveFormat.TAR_GZ,
        List.of(
            new Iteration(
                1, "l", 1, Change.CREATED, Kind.SYMLINK, 0777, 6, hash, 0, Optional.empty())));

    assertThat(
            new Shell(home)
                .run("tar xzf archive && python3 -c 'import os; print(os.readlink(b\"l\"))'"))
        .isEqualTo("b'to-\\xff/\\xc3'");
  }

  private static final String TAR_LIST =
      """
      PYTHONIOENCODING=utf-8 python3 - <<'P'
      import tarfile
      with tarfile.open('archive', 'r:gz') as archive:
          for m in archive:
              text = m.linkname if m.issym() else archive.extractfile(m).read().decode()
              print(m.name, 'link' if m.issym() else 'file ' + oct(m.mode)[2:], text)
      P
      """;

  private static final String ZIP_LIST =
      """
      PYTHONIOENCODING=utf-8 python3 - <<'P'
      import zipfile
      with zipfile.ZipFile('archive') as archive:
          assert archive.testzip() is None
          for m in archive.infolist():
              mode = m.external_attr >> 16
              link = mode & 0o170000 == 0o120000
              print(m.filename, 'link' if link else 'file ' + oct(mode & 0o777)[2:],
                    archive.read(m).decode())
      P
      """;

  @ParameterizedTest
  @EnumSource
  void a_name_that_means_something_else_on_windows_is_written_safely(ArchiveFormat format)
      throws Exception {
    write(
        format,
        List.of(
            file("..\\..\\x", Kind.FILE, 0644, "slipped"),
            file("NUL", Kind.SYMLINK, 0777, "a"),
            file("C:evil", Kind.FILE, 0644, "drive")));

    String listed = new Shell(home).run(format == ArchiveFormat.ZIP ? ZIP_LIST : TAR_LIST);
    assertThat(listed.lines())
        .containsExactlyInAnyOrder(
            "..%5C..%5Cx file 644 slipped", "%4EUL link a", "C%3Aevil file 644 drive");
  }

  @ParameterizedTest
  @EnumSource
  void an_archive_of_nothing_can_be_read(ArchiveFormat format) throws Exception {
    write(format, List.of());
    assertThat(new Shell(home).run(format == ArchiveFormat.ZIP ? ZIP_LIST : TAR_LIST)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void a_content_that_is_missing_ends_the_archive_with_an_error(ArchiveFormat format) {
    Iteration lost =
        new Iteration(
            1, "lost", 1, Change.CREATED, Kind.FILE, 0644, 3, "0".repeat(64), 0, Optional.empty());
    assertThatThrownBy(() -> write(format, List.of(lost)))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("lost");
  }

  @Test
  void a_format_is_found_by_the_name_it_has_on_the_wire() {
    for (ArchiveFormat format : ArchiveFormat.values()) {
      assertThat(ArchiveFormat.named(format.wireName())).hasValue(format);
    }
    assertThat(ArchiveFormat.named("rar")).isEmpty();
  }
}
