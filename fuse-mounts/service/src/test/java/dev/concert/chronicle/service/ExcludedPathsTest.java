package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import dev.concert.workspace.RetentionMessages.Retention;
import dev.concert.workspace.RetentionMessages.SetRetention;
import dev.concert.workspace.SnapshotMessages.CreateSnapshot;
import dev.concert.workspace.SnapshotMessages.RestoreWorkspace;
import dev.concert.workspace.SnapshotMessages.WorkspaceRestored;
import dev.concert.workspace.WorkspaceMessages.FileHistory;
import dev.concert.workspace.WorkspaceMessages.FileIteration;
import dev.concert.workspace.WorkspaceMessages.ReadHistory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paths that are in the workspace but have no history. */
@RequiresFuse
class ExcludedPathsTest {
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

  private FileHistory history(String path) {
    return chronicle.ask(Addresses.READ_HISTORY, new ReadHistory("w", path));
  }

  private void write(String path) {
    shell.run("mkdir -p $(dirname %1$s); for i in 1 2 3; do echo $i > %1$s; done".formatted(path));
  }

  @Test
  void anExcludedPathHasOnlyItsPresentState() {
    write("node_modules/a/index.js");
    write("src/index.js");

    assertThat(history("node_modules/a/index.js").excluded()).isTrue();
    assertThat(history("node_modules/a/index.js").iterations())
        .extracting(FileIteration::iteration)
        .containsExactly(3L);
    assertThat(chronicle.read("w", "node_modules/a/index.js").content()).isEqualTo("3\n");
    assertThat(history("src/index.js").excluded()).isFalse();
    assertThat(history("src/index.js").iterations()).hasSize(3);
  }

  @Test
  void aRestoreLeavesExcludedPathsAsTheyAre() {
    write("target/a.jar");
    write("pom.xml");
    chronicle.ask(Addresses.CREATE_SNAPSHOT, new CreateSnapshot("w", "before"));
    shell.run("echo later > target/a.jar; echo later > target/new.jar; echo later > pom.xml");

    WorkspaceRestored restored =
        chronicle.ask(Addresses.RESTORE_WORKSPACE, new RestoreWorkspace("w", "before"));

    assertThat(restored.excluded()).isEqualTo(2);
    assertThat(shell.run("cat target/a.jar target/new.jar pom.xml")).isEqualTo("later\nlater\n3");
  }

  @Test
  void whatWasMovedOutOfAnExcludedFolderHasAHistoryFromThenOn() {
    write("target/a.jar");
    shell.run(
        "mv target/a.jar a.jar; echo next > a.jar; mv a.jar target/b.jar; echo x > target/b.jar");

    assertThat(history("a.jar").iterations())
        .extracting(FileIteration::deleted)
        .endsWith(false, false, true);
    assertThat(shell.run("cat target/b.jar")).isEqualTo("x");
  }

  @Test
  void aWorkspaceCanHavePatternsOfItsOwn() {
    write("cache/a");
    Retention set =
        chronicle.ask(
            Addresses.SET_RETENTION, new SetRetention("w", "all", List.of("cache/", "*.tmp")));
    assertThat(set).isEqualTo(new Retention("all", true, List.of("cache/", "*.tmp")));
    write("cache/a");
    write("cache/b");
    write("node_modules/c");

    // What it had before stays.
    assertThat(history("cache/a").iterations())
        .extracting(FileIteration::iteration)
        .containsExactly(1L, 2L, 3L, 6L);
    assertThat(history("cache/b").iterations()).hasSize(1);
    assertThat(history("node_modules/c").iterations()).hasSize(3);
    chronicle.unmount("w");
    chronicle.mount("w");
    assertThat(history("cache/b").excluded()).isTrue();

    assertThat(chronicle.ask(Addresses.SET_RETENTION, new SetRetention("w", "", null)).excluded())
        .contains("node_modules/");
    assertThat(history("cache/b").excluded()).isFalse();
  }
}
