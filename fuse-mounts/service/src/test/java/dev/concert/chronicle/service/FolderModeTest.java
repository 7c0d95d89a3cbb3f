package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.concert.bus.Addresses;
import dev.concert.bus.HealthReport;
import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.error.ConcertException;
import dev.concert.testing.Await;
import dev.concert.testing.Shell;
import dev.concert.testing.log.ExpectedLog;
import dev.concert.workspace.WorkspaceMessages.FileChange;
import dev.concert.workspace.WorkspaceMessages.Mount;
import dev.concert.workspace.WorkspaceMessages.Mounted;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@ExpectedLog(
    logger = "dev.concert.chronicle.workspace.MountStrategy",
    message = "Workspaces are plain folders that are watched",
    required = false)
class FolderModeTest {
  @TempDir Path home;

  @Test
  void without_fuse_the_agent_gets_a_folder_that_is_watched() {
    try (Chronicle chronicle =
        Chronicle.with(
            home, ChronicleOptions.Mode.AUTO, new MissingBinding("fusermount3 is not installed"))) {
      Mounted mounted = chronicle.ask(Addresses.MOUNT_WORKSPACE, new Mount("w"));
      assertThat(mounted.kind()).isEqualTo("folder");
      List<FileChange> heard = chronicle.listen("w");
      Shell shell = new Shell(chronicle.place(mounted));

      shell.run("mkdir -p d/e; echo 1 > d/e/f; ln -s f d/e/l");
      Await.until(() -> heard.size() == 2);
      shell.run("echo 22 > d/e/f; mkdir g; echo 3 > g/h; rm d/e/l");
      Await.until(() -> heard.size() == 5);

      assertThat(chronicle.history("w", "d/e/f")).hasSize(2);
      assertThat(chronicle.at("w", "d/e/f", 1).content()).isEqualTo("1\n");
      assertThat(chronicle.history("w", "d/e/l").getLast().deleted()).isTrue();
      assertThat(chronicle.ask(Addresses.CHRONICLE_HEALTH, new HealthReport.Probe()).status())
          .isEqualTo("degraded");
    }
  }

  @Test
  void a_reader_sees_what_was_written_right_before_it_asks() {
    try (Chronicle chronicle =
        Chronicle.with(home, ChronicleOptions.Mode.FOLDER, new MissingBinding(""))) {
      Shell shell = new Shell(chronicle.mount("w"));
      for (int version = 1; version <= 5; version++) {
        shell.run("echo version%d > f; echo %d > only%d".formatted(version, version, version));
        // A file may also be seen while it is still empty: the last version counts.
        assertThat(latest(chronicle, "f")).isEqualTo("version" + version + "\n");
        assertThat(latest(chronicle, "only" + version)).isEqualTo(version + "\n");
      }
    }
  }

  private static String latest(Chronicle chronicle, String path) {
    long last = chronicle.history("w", path).getLast().iteration();
    return chronicle.at("w", path, last).content();
  }

  @Test
  void what_was_written_just_before_unmounting_is_recorded() {
    try (Chronicle chronicle =
        Chronicle.with(home, ChronicleOptions.Mode.FOLDER, new MissingBinding(""))) {
      new Shell(chronicle.mount("w")).run("echo 1 > f");
      chronicle.unmount("w");
      assertThat(chronicle.history("w", "f")).hasSize(1);
    }
  }

  @Test
  void where_a_mount_is_demanded_a_missing_fusermount_is_said_clearly() {
    try (Chronicle chronicle =
        Chronicle.with(
            home, ChronicleOptions.Mode.FUSE, new MissingBinding("fusermount3 is not installed"))) {
      assertThatExceptionOfType(ConcertException.class)
          .isThrownBy(() -> chronicle.mount("w"))
          .withMessageContaining("fusermount3 is not installed");
    }
  }
}
