package dev.concert.chronicle.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.concert.bus.Addresses;
import dev.concert.bus.HealthReport;
import dev.concert.error.ConcertException;
import dev.concert.workspace.WorkspaceMessages.FileChange;
import dev.concert.workspace.WorkspaceMessages.Mount;
import dev.concert.workspace.WorkspaceMessages.Mounted;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderModeTest {
  @TempDir Path home;

  @Test
  void without_fuse_the_agent_gets_a_folder_that_is_watched() {
    try (Chronicle chronicle =
        Chronicle.with(
            home, ChronicleOptions.Mode.AUTO, () -> Optional.of("fusermount3 is not installed"))) {
      Mounted mounted = chronicle.ask(Addresses.MOUNT_WORKSPACE, new Mount("w"));
      assertThat(mounted.kind()).isEqualTo("folder");
      List<FileChange> heard = chronicle.listen("w");
      Shell shell = new Shell(Path.of(mounted.path()));

      shell.run("mkdir -p d/e; echo 1 > d/e/f; ln -s f d/e/l");
      Awaiting.until(() -> heard.size() == 2);
      shell.run("echo 22 > d/e/f; mkdir g; echo 3 > g/h; rm d/e/l");
      Awaiting.until(() -> heard.size() == 5);

      assertThat(chronicle.history("w", "d/e/f")).hasSize(2);
      assertThat(chronicle.at("w", "d/e/f", 1).content()).isEqualTo("1\n");
      assertThat(chronicle.history("w", "d/e/l").getLast().deleted()).isTrue();
      assertThat(chronicle.ask(Addresses.CHRONICLE_HEALTH, new HealthReport.Probe()).status())
          .isEqualTo("degraded");
    }
  }

  @Test
  void what_was_written_just_before_unmounting_is_recorded() {
    try (Chronicle chronicle =
        Chronicle.with(home, ChronicleOptions.Mode.FOLDER, Optional::empty)) {
      new Shell(chronicle.mount("w")).run("echo 1 > f");
      chronicle.unmount("w");
      assertThat(chronicle.history("w", "f")).hasSize(1);
    }
  }

  @Test
  void where_a_mount_is_demanded_a_missing_fusermount_is_said_clearly() {
    try (Chronicle chronicle =
        Chronicle.with(
            home, ChronicleOptions.Mode.FUSE, () -> Optional.of("fusermount3 is not installed"))) {
      assertThatExceptionOfType(ConcertException.class)
          .isThrownBy(() -> chronicle.mount("w"))
          .withMessageContaining("fusermount3 is not installed");
    }
  }
}
