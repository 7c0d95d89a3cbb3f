package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.concert.bus.Addresses;
import dev.concert.bus.HealthReport;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import dev.concert.workspace.WorkspaceMessages.FileEntry;
import dev.concert.workspace.WorkspaceMessages.FileIteration;
import dev.concert.workspace.WorkspaceMessages.ListFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RequiresFuse
class BusApiTest {
  @TempDir Path home;
  private Chronicle chronicle;
  private Shell shell;

  @BeforeEach
  void mount() {
    chronicle = Chronicle.fuse(home);
    shell = new Shell(chronicle.mount("w"));
  }

  @AfterEach
  void unmount() {
    chronicle.close();
  }

  private List<FileEntry> list(String id, String path, int depth) {
    return chronicle.ask(Addresses.LIST_FILES, new ListFiles(id, path, depth)).entries();
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatExceptionOfType(ConcertException.class)
        .isThrownBy(call)
        .satisfies(refused -> assertThat(refused.code()).isEqualTo(code));
  }

  @Test
  void listing_goes_as_deep_as_asked_and_folders_come_before_what_is_in_them() {
    shell.run("mkdir -p a/b; echo 1 > a/b/deep; echo 22 > a/f; echo 333 > z; ln -s z l; mkfifo p");

    assertThat(list("w", "", 1)).extracting(FileEntry::path).containsExactly("a", "l", "z");
    assertThat(list("w", "", 3))
        .extracting(FileEntry::path)
        .containsExactly("a", "a/b", "a/b/deep", "a/f", "l", "z");
    assertThat(list("w", "a", 1))
        .extracting(FileEntry::type, FileEntry::size, FileEntry::iteration)
        .contains(org.assertj.core.groups.Tuple.tuple("file", 3L, 1L));
    assertThat(list("w", "", 1))
        .extracting(FileEntry::type)
        .containsExactly("directory", "symlink", "file");
  }

  @Test
  void history_follows_a_renamed_file_and_both_names_answer() {
    shell.run("echo 1 > a; echo 2 > a; mv a b; echo 3 >> b");

    assertThat(chronicle.history("w", "b"))
        .extracting(FileIteration::iteration)
        .containsExactly(1L, 2L, 3L, 4L);
    assertThat(chronicle.history("w", "a"))
        .extracting(FileIteration::deleted)
        .containsExactly(false, false, true);
    assertThat(chronicle.at("w", "b", 1).content()).isEqualTo("1\n");
    assertThat(chronicle.at("w", "a", 2).content()).isEqualTo("2\n");
    shell.run("mkdir d; mv b d/b; mv d e");
    assertThat(chronicle.history("w", "e/b")).hasSize(6);
    assertThat(chronicle.at("w", "e/b", 4).content()).isEqualTo("2\n3\n");
  }

  @Test
  void a_deleted_file_keeps_its_history_and_goes_on_counting_when_it_comes_back() {
    shell.run("echo 1 > a; rm a; echo 2 > a");

    List<FileIteration> history = chronicle.history("w", "a");
    assertThat(history).extracting(FileIteration::iteration).containsExactly(1L, 2L, 3L);
    assertThat(history.get(1).deleted()).isTrue();
    assertThat(history.get(1).hash()).isEmpty();
    refused(ErrorCode.ITERATION_NOT_FOUND, () -> chronicle.at("w", "a", 2));
    refused(ErrorCode.ITERATION_NOT_FOUND, () -> chronicle.at("w", "a", 9));
  }

  @Test
  void writing_what_was_there_before_is_no_change() {
    shell.run("echo same > a; echo same > a; touch a; cat a");
    assertThat(chronicle.history("w", "a")).hasSize(1);
    assertThat(chronicle.changes("w", 0).latest()).isEqualTo(1);
  }

  @Test
  void an_empty_file_is_an_iteration_too() {
    shell.run("touch empty");
    Await.until(() -> chronicle.changes("w", 0).latest() == 1);
    assertThat(chronicle.read("w", "empty").iteration()).isEqualTo(1);
  }

  @Test
  void content_that_is_no_text_comes_as_base64() {
    shell.run("printf '\\377\\001' > bin; printf 'a\\0b' > nul");
    assertThat(chronicle.read("w", "bin").encoding()).isEqualTo("base64");
    assertThat(chronicle.read("w", "bin").content()).isEqualTo("/wE=");
    assertThat(chronicle.read("w", "nul").encoding()).isEqualTo("base64");
  }

  @Test
  void files_over_ten_mebibytes_are_refused() {
    shell.run("head -c 10485760 /dev/zero > fits; head -c 10485761 /dev/zero > large");
    assertThat(chronicle.read("w", "fits").size()).isEqualTo(10485760);
    refused(ErrorCode.FILE_TOO_LARGE, () -> chronicle.read("w", "large"));
    refused(ErrorCode.FILE_TOO_LARGE, () -> chronicle.at("w", "large", 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"..", "../x", "a/../../x", "/etc/passwd", "a//b", "./a", "a/.", "a\0b", ""})
  void hostile_paths_are_refused(String path) {
    refused(ErrorCode.PATH_INVALID, () -> chronicle.read("w", path));
    refused(ErrorCode.PATH_INVALID, () -> chronicle.history("w", path));
    refused(ErrorCode.PATH_INVALID, () -> chronicle.at("w", path, 1));
    if (!path.isEmpty()) {
      refused(ErrorCode.PATH_INVALID, () -> list("w", path, 1));
    }
  }

  @Test
  void symlinks_are_followed_inside_and_refused_where_they_lead_out() throws IOException {
    Path secret = Files.writeString(home.resolve("secret"), "secret");
    shell.run(
        "echo in > f; mkdir d; ln -s ../f d/in; ln -s "
            + secret
            + " abs; ln -s ../../../../secret up;"
            + " ln -s "
            + home
            + " dir; ln -s nowhere dangling; ln -s loop loop; mkfifo pipe");
    assertThat(chronicle.read("w", "d/in").content()).isEqualTo("in\n");
    refused(ErrorCode.PATH_INVALID, () -> chronicle.read("w", "abs"));
    refused(ErrorCode.PATH_INVALID, () -> chronicle.read("w", "up"));
    refused(ErrorCode.PATH_INVALID, () -> chronicle.read("w", "dir/secret"));
    refused(ErrorCode.PATH_INVALID, () -> list("w", "dir/cas", 1));
    refused(ErrorCode.FILE_NOT_FOUND, () -> list("w", "dir", 1));
    refused(ErrorCode.FILE_NOT_FOUND, () -> chronicle.read("w", "dangling"));
    refused(ErrorCode.FILE_NOT_FOUND, () -> chronicle.read("w", "loop"));
    refused(ErrorCode.FILE_NOT_FOUND, () -> chronicle.read("w", "pipe"));
  }

  @Test
  void what_is_not_there_is_said_to_be_not_there() {
    assertThat(list("none", "", 1)).isEmpty();
    assertThat(chronicle.changes("none", 0).changes()).isEmpty();
    refused(ErrorCode.FILE_NOT_FOUND, () -> list("none", "d", 1));
    refused(ErrorCode.FILE_NOT_FOUND, () -> chronicle.read("none", "f"));
    refused(ErrorCode.FILE_NOT_FOUND, () -> chronicle.history("none", "f"));
    refused(ErrorCode.FILE_NOT_FOUND, () -> chronicle.at("none", "f", 1));
    refused(ErrorCode.FILE_NOT_FOUND, () -> chronicle.history("w", "f"));
    refused(ErrorCode.INVALID_MESSAGE, () -> list("w", "", 11));
    assertThat(home.resolve("instances/none")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "a/b", "a b", "é"})
  void workspace_ids_that_are_none_are_refused(String id) {
    refused(ErrorCode.INVALID_MESSAGE, () -> chronicle.mount(id));
    refused(ErrorCode.INVALID_MESSAGE, () -> list(id, "", 1));
  }

  @Test
  void a_workspace_answers_while_it_is_not_mounted() {
    shell.run("echo 1 > a; echo 2 > a");
    chronicle.unmount("w");
    chronicle.unmount("w");
    assertThat(chronicle.read("w", "a").content()).isEqualTo("2\n");
    assertThat(chronicle.read("w", "a").iteration()).isEqualTo(2);
    assertThat(chronicle.history("w", "a")).hasSize(2);
    assertThat(list("w", "", 1)).hasSize(1);
  }

  @Test
  void two_workspaces_are_apart_and_share_their_contents() throws IOException {
    Shell other = new Shell(chronicle.mount("v"));
    shell.run("echo same > a");
    other.run("echo same > b");
    refused(ErrorCode.FILE_NOT_FOUND, () -> chronicle.read("w", "b"));
    assertThat(chronicle.history("v", "b")).hasSize(1);
    try (var blobs = Files.walk(home.resolve("cas"))) {
      assertThat(blobs.filter(Files::isRegularFile).filter(file -> !file.endsWith(".probe")))
          .hasSize(1);
    }
    assertThat(chronicle.mount("v")).isEqualTo(home.resolve("instances/v/chronicle/mount"));
  }

  @Test
  void health_says_how_workspaces_are_served() {
    HealthReport report = chronicle.ask(Addresses.CHRONICLE_HEALTH, new HealthReport.Probe());
    assertThat(report.status()).isEqualTo("ok");
    assertThat(report.details()).containsEntry("workspaces", "fuse").containsEntry("mounted", "1");
  }
}
