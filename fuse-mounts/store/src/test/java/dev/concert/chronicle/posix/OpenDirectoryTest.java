package dev.concert.chronicle.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Calls relative to an open directory return what the kernel returns. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the calls are those of Linux")
class OpenDirectoryTest {
  @TempDir Path home;
  private OpenDirectory directory;

  @BeforeEach
  void open() throws Exception {
    directory = OpenDirectory.open(home);
    Files.writeString(home.resolve("a"), "of a");
    Files.writeString(home.resolve("b"), "of b");
  }

  @AfterEach
  void close() {
    directory.close();
  }

  @Test
  void a_directory_that_is_missing_cannot_be_opened() {
    assertThatThrownBy(() -> OpenDirectory.open(home.resolve("missing")))
        .isInstanceOfSatisfying(
            PosixException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
  }

  @Test
  void status_shows_type_size_and_permissions_and_follows_no_symlink() throws Exception {
    Files.setPosixFilePermissions(home.resolve("a"), PosixFilePermissions.fromString("rw-r-----"));
    Files.createSymbolicLink(home.resolve("link"), Path.of("a"));

    FileStatus file = directory.status("a").orElseThrow();
    assertThat(file.isRegular()).isTrue();
    assertThat(file.size()).isEqualTo(4);
    assertThat(file.permissions()).isEqualTo(0640);
    assertThat(directory.status("link").orElseThrow().isSymlink()).isTrue();
    assertThat(directory.readLink("link")).asString().isEqualTo("a");
    assertThat(directory.status(".").orElseThrow().isDirectory()).isTrue();
    assertThat(directory.status("missing")).isEmpty();
  }

  @Test
  void a_rename_replaces_exchanges_or_refuses_by_its_flags() {
    assertThat(directory.rename("a", "b", OpenDirectory.NO_REPLACE)).isEqualTo(-Errno.EEXIST);
    assertThat(home.resolve("b")).hasContent("of b");

    assertThat(directory.rename("a", "b", OpenDirectory.EXCHANGE)).isZero();
    assertThat(home.resolve("a")).hasContent("of b");
    assertThat(home.resolve("b")).hasContent("of a");

    assertThat(directory.rename("a", "b", 0)).isZero();
    assertThat(home.resolve("a")).doesNotExist();
    assertThat(home.resolve("b")).hasContent("of b");
  }

  @Test
  void links_and_files_come_and_go() {
    assertThat(directory.link("a", directory, "second")).isZero();
    assertThat(directory.status("a").orElseThrow().links()).isEqualTo(2);
    assertThat(directory.unlink("a")).isZero();
    assertThat(home.resolve("second")).hasContent("of a");
    assertThat(directory.unlink("a")).isEqualTo(-Errno.ENOENT);
    assertThat(directory.symlink("second", "second")).isEqualTo(-Errno.EEXIST);
  }

  @Test
  void a_folder_is_removed_only_when_it_is_empty() throws Exception {
    assertThat(directory.makeDirectory("d", 0700)).isZero();
    assertThat(directory.makeDirectory("d", 0700)).isEqualTo(-Errno.EEXIST);
    Files.writeString(home.resolve("d/file"), "1");
    assertThat(directory.removeDirectory("d")).isEqualTo(-Errno.ENOTEMPTY);
    assertThat(directory.unlink("d")).isEqualTo(-Errno.EISDIR);
    assertThat(directory.unlink("d/file")).isZero();
    assertThat(directory.removeDirectory("d")).isZero();
    assertThat(directory.removeDirectory("a")).isEqualTo(-Errno.ENOTDIR);
  }

  @Test
  void names_are_utf8_whatever_the_locale_is() {
    assertThat(directory.makeDirectory("grüße-日本", 0755)).isZero();
    try (OpenDirectory child = directory.child("grüße-日本")) {
      assertThat(child.status(".").orElseThrow().isDirectory()).isTrue();
    }
    assertThat(directory.makeDirectory("n".repeat(256), 0755)).isEqualTo(-Errno.ENAMETOOLONG);
  }

  @Test
  void a_file_is_created_once_where_that_is_asked_for() {
    int flags = OpenFlags.WRITE_ONLY | OpenFlags.CREATE | OpenFlags.EXCLUSIVE;
    int descriptor = directory.openFile("new", flags, 0600);
    assertThat(descriptor).isPositive();
    assertThat(FileCalls.truncate(descriptor, 10)).isZero();
    assertThat(FileCalls.close(descriptor)).isZero();
    assertThat(home.resolve("new")).hasSize(10);
    assertThat(directory.openFile("new", flags, 0600)).isEqualTo(-Errno.EEXIST);
  }

  @Test
  void all_entries_are_read() throws Exception {
    for (int i = 0; i < 3000; i++) {
      Files.createFile(home.resolve("entry-with-a-rather-long-name-" + i));
    }
    int descriptor = directory.openFile(".", OpenFlags.READ_ONLY | OpenFlags.DIRECTORY, 0);
    int[] count = {0};
    try {
      assertThat(
              DirectoryReader.readAll(
                  descriptor,
                  (name, inode, type, next) -> {
                    count[0]++;
                    return true;
                  }))
          .isNotNegative();
    } finally {
      FileCalls.close(descriptor);
    }
    assertThat(count[0]).isEqualTo(3000 + 2 + 2); // a, b, "." and ".."
  }
}
