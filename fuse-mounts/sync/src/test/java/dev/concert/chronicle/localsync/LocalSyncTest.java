package dev.concert.chronicle.localsync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.localsync.folder.SyncException;
import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder and a workspace, both ways. */
class LocalSyncTest {
  @TempDir private Path place;
  private SyncStage stage;

  @BeforeEach
  void open() throws IOException {
    stage = new SyncStage(place);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void whatTheWorkspaceHasComesIntoTheFolder() throws IOException {
    stage.workspace.writes("src/a.txt", "a");
    stage.workspace.writes("run.sh", Kind.FILE, 0755, "echo".getBytes(UTF_8));
    stage.workspace.writes("link", Kind.SYMLINK, 0777, "src/a.txt".getBytes(UTF_8));
    stage.start(ConflictPolicy.ASK).settle();

    assertThat(stage.local())
        .isEqualTo(Map.of("src/a.txt", "a", "run.sh", "echo", "link", "-> src/a.txt"));
    assertThat(Files.getPosixFilePermissions(stage.folder.resolve("run.sh")))
        .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));

    stage.workspace.writes("src/a.txt", "a2");
    stage.workspace.renames("run.sh", "bin/run.sh");
    stage.workspace.deletes("link");
    Await.until(() -> stage.local().equals(Map.of("src/a.txt", "a2", "bin/run.sh", "echo")));
    assertThat(stage.notes.sent).isEmpty();
  }

  @Test
  void whatAPersonDoesComesIntoTheWorkspace() throws IOException {
    stage.write("a.txt", "a");
    stage.start(ConflictPolicy.ASK).settle();
    assertThat(stage.upstream()).isEqualTo(Map.of("a.txt", "a"));

    stage.write("deep/er/b.txt", "b");
    Files.createSymbolicLink(stage.folder.resolve("link"), Path.of("a.txt"));
    Await.until(
        () ->
            stage
                .upstream()
                .equals(Map.of("a.txt", "a", "deep/er/b.txt", "b", "link", "-> a.txt")));

    stage.write("a.txt", "a2");
    Files.delete(stage.folder.resolve("link"));
    Files.move(stage.folder.resolve("deep/er"), stage.folder.resolve("moved"));
    Await.until(() -> stage.upstream().equals(Map.of("a.txt", "a2", "moved/b.txt", "b")));

    stage.write("run.sh", "echo");
    Files.setPosixFilePermissions(
        stage.folder.resolve("run.sh"), PosixFilePermissions.fromString("rwxr-x---"));
    Await.until(
        () -> stage.workspace.snapshot().live().stream().anyMatch(live -> live.mode() == 0750));
  }

  @Test
  void emptyFoldersTravelBothWays() throws IOException {
    stage.workspace.makeFolder("of/agent", 0750);
    stage.write("d/last", "1");
    Files.createDirectories(stage.folder.resolve("node_modules/left"));
    stage.write(".gitignore", "node_modules/\n");
    stage.start(ConflictPolicy.ASK).settle();
    assertThat(stage.folder.resolve("of/agent")).isEmptyDirectory();
    assertThat(Files.getPosixFilePermissions(stage.folder.resolve("of/agent")))
        .isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));

    Files.createDirectories(stage.folder.resolve("of/user"));
    Await.until(() -> stage.workspace.hasFolder("of/user"));
    Files.delete(stage.folder.resolve("d/last"));
    Await.until(() -> stage.upstream().keySet().equals(Set.of(".gitignore")));
    Files.delete(stage.folder.resolve("of/user"));
    Await.until(() -> !stage.workspace.hasFolder("of/user"));
    stage.settle();

    assertThat(stage.workspace.emptyFolders()).containsOnlyKeys("d", "of/agent");
    assertThat(stage.folder.resolve("d")).isEmptyDirectory();
  }

  @Test
  void whatTheSyncWroteItselfIsNotSentBack() {
    stage.start(ConflictPolicy.ASK).settle();
    for (int i = 0; i < 200; i++) {
      stage.workspace.writes("d" + i % 7 + "/f" + i, "text " + i);
    }
    long written = stage.workspace.latest();
    Await.until(() -> stage.local().size() == 200);
    stage.settle();
    stage.settle();

    assertThat(stage.workspace.latest()).isEqualTo(written);
    assertThat(stage.notes.sent).isEmpty();
  }

  @Test
  void foldersThatHaveTheSameFilesAlreadyAreEqualWithoutACopy() {
    stage.workspace.writes("same", "1");
    stage.workspace.writes("theirs", "2");
    stage.write("same", "1");
    stage.write("mine", "3");
    stage.start(ConflictPolicy.ASK).settle();

    Map<String, String> both = Map.of("same", "1", "theirs", "2", "mine", "3");
    assertThat(stage.local()).isEqualTo(both);
    assertThat(stage.upstream()).isEqualTo(both);
    assertThat(stage.workspace.latest()).isEqualTo(3);
    assertThat(stage.notes.conflicts).isEmpty();
  }

  @Test
  void changesOfBothSidesWhileItWasClosedAreBroughtTogether() throws IOException {
    for (String path : new String[] {"edited here", "edited there", "gone here", "gone there"}) {
      stage.workspace.writes(path, "1");
    }
    stage.start(ConflictPolicy.ASK).settle();
    stage.stop();

    stage.write("edited here", "2");
    Files.delete(stage.folder.resolve("gone here"));
    stage.workspace.writes("edited there", "3");
    stage.workspace.deletes("gone there");
    stage.start(ConflictPolicy.ASK).settle();

    Map<String, String> both = Map.of("edited here", "2", "edited there", "3");
    assertThat(stage.local()).isEqualTo(both);
    assertThat(stage.upstream()).isEqualTo(both);
    assertThat(stage.notes.conflicts).isEmpty();
  }

  @Test
  void aServerThatIsAwayAndComesBackLosesNothing() {
    stage.workspace.writes("a", "1");
    stage.start(ConflictPolicy.ASK).settle();

    stage.down(true);
    stage.write("b", "2");
    stage.workspace.writes("c", "3");
    Await.until(() -> stage.notes.disconnected.size() >= 2);
    assertThat(stage.upstream()).containsOnlyKeys("a", "c");
    stage.down(false);

    stage.settle();
    assertThat(stage.local()).isEqualTo(Map.of("a", "1", "b", "2", "c", "3"));
    assertThat(stage.upstream()).isEqualTo(stage.local());
  }

  @Test
  void aSymlinkOfTheWorkspaceThatLeadsOutIsNotMade() throws IOException {
    Path secret = Files.writeString(place.resolve("secret"), "secret");
    stage.workspace.writes("absolute", Kind.SYMLINK, 0777, secret.toString().getBytes(UTF_8));
    stage.workspace.writes("up", Kind.SYMLINK, 0777, "../secret".getBytes(UTF_8));
    stage.workspace.writes("a", "1");
    stage.start(ConflictPolicy.ASK).settle();
    stage.settle();

    assertThat(stage.local()).containsOnlyKeys("a");
    assertThat(stage.upstream()).containsOnlyKeys("a", "absolute", "up");
    assertThat(stage.notes.leftOut)
        .containsExactlyInAnyOrder("absolute: leads_out", "up: leads_out");
  }

  @Test
  void aSymlinkOfThePersonThatLeadsOutIsNotFollowed() throws IOException {
    Path outside = Files.createDirectory(place.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
    Files.createSymbolicLink(stage.folder.resolve("out"), outside);
    stage.write("a", "1");
    stage.start(ConflictPolicy.ASK).settle();

    assertThat(stage.upstream()).containsOnlyKeys("a");
    stage.workspace.writes("out/secret", "overwritten");
    stage.settle();
    assertThat(Files.readString(outside.resolve("secret"))).isEqualTo("secret");
  }

  @Test
  void anEmptiedFolderDoesNotEmptyTheWorkspace() throws IOException {
    for (int i = 0; i < 30; i++) {
      stage.workspace.writes("all/f" + i, "1");
    }
    stage.start(ConflictPolicy.ASK).settle();
    // In one step: of deletions one by one a slow machine may see few at a time.
    Files.move(stage.folder.resolve("all"), place.resolve("moved away"));

    Await.until(() -> !stage.notes.halted.isEmpty());

    assertThat(stage.notes.halted).hasSize(1);
    assertThat(stage.notes.halted.getFirst()).contains("files are missing", "--allow-deletions");
    assertThat(stage.upstream()).hasSize(30);
    stage.stop();

    stage.start(ConflictPolicy.ASK);
    Await.until(() -> !stage.notes.halted.isEmpty());
    assertThat(stage.upstream()).hasSize(30);
    stage.stop();

    stage.start(ConflictPolicy.ASK, true).settle();
    assertThat(stage.upstream()).isEmpty();
  }

  @Test
  void aFolderThatVanishesDoesNotEmptyTheWorkspace() throws IOException {
    stage.workspace.writes("a", "1");
    stage.workspace.writes("b", "1");
    stage.start(ConflictPolicy.ASK).settle();

    Files.move(stage.folder, place.resolve("moved"));
    Files.createDirectory(stage.folder);
    stage.sync.settle();

    Await.until(() -> !stage.notes.halted.isEmpty());
    assertThat(stage.notes.halted.getFirst()).contains("not the folder that it was");
    assertThat(stage.upstream()).containsOnlyKeys("a", "b");
  }

  @Test
  void oneFolderIsSyncedOnceAtATimeAndWithOneSession() {
    stage.start(ConflictPolicy.ASK);

    assertThatThrownBy(() -> stage.open(stage.options("s1", ConflictPolicy.ASK, false)))
        .isInstanceOf(SyncException.class)
        .hasMessageContaining("another process");
    assertThatThrownBy(() -> stage.open(stage.options("s2", ConflictPolicy.ASK, false)))
        .isInstanceOf(SyncException.class)
        .hasMessageContaining("s1")
        .hasMessageContaining("s2");
  }

  @Test
  void largeFilesGoBothWays() throws IOException {
    String large = "0123456789abcdef".repeat(300_000);
    stage.workspace.writes("theirs", large);
    stage.write("mine", large + "!");
    stage.start(ConflictPolicy.ASK).settle();

    assertThat(stage.read("theirs")).isEqualTo(large);
    assertThat(stage.upstream().get("mine")).isEqualTo(large + "!");
  }

  @Test
  void hostileNamesAreOnlyNames() {
    String[] names = {
      "-rf", "a\nb", " lead", "trail ", "*", "$(reboot)", "\u202egnp", "é".repeat(127) + "x", "..."
    };
    for (String name : names) {
      stage.write("mine/" + name, name);
      stage.workspace.writes("theirs/" + name, name);
    }
    stage.start(ConflictPolicy.ASK).settle();

    assertThat(stage.local()).hasSize(2 * names.length).isEqualTo(stage.upstream());
  }

  @Test
  void aFileThatBecomesAFolderAndBackDoesSoOnTheOtherSide() throws IOException {
    stage.write("a", "file");
    stage.start(ConflictPolicy.ASK).settle();

    Files.delete(stage.folder.resolve("a"));
    stage.write("a/b", "inside");
    Await.until(() -> stage.upstream().equals(Map.of("a/b", "inside")));

    stage.workspace.deletes("a/b");
    stage.workspace.writes("a", "file again");
    Await.until(() -> stage.local().equals(Map.of("a", "file again")));
  }

  @Test
  void aFileWhereTheWorkspaceHasAFolderIsMovedAsideAndThePersonIsTold() throws IOException {
    stage.workspace.writes("a/b", "theirs");
    stage.write("a", "mine");
    stage.start(ConflictPolicy.ASK).settle();

    assertThat(stage.notes.moved).hasSize(1);
    String[] names = stage.notes.moved.getFirst().split(" to ");
    assertThat(names[0]).isEqualTo("a");
    assertThat(stage.local()).isEqualTo(Map.of("a/b", "theirs", names[1], "mine"));
    assertThat(stage.upstream()).isEqualTo(stage.local());
  }
}
