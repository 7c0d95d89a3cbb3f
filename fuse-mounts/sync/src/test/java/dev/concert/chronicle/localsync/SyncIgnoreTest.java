package dev.concert.chronicle.localsync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that take no part, and those that do so again. */
class SyncIgnoreTest {
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
  void whatIsIgnoredStaysWhereItIs() {
    stage.write(".gitignore", "*.log\nbuild/\n");
    stage.write("mine.log", "1");
    stage.write("build/out", "1");
    stage.write(".git/HEAD", "1");
    stage.write(".a.swp", "1");
    stage.workspace.writes("theirs.log", "1");
    stage.workspace.writes(".git/HEAD", "2");
    stage.start(ConflictPolicy.ASK).settle();

    assertThat(stage.upstream()).containsOnlyKeys(".gitignore", ".git/HEAD", "theirs.log");
    assertThat(stage.local())
        .containsOnlyKeys(".gitignore", "mine.log", "build/out", ".git/HEAD", ".a.swp");
    assertThat(stage.read(".git/HEAD")).isEqualTo("1");
  }

  @Test
  void aFileThatIsIgnoredFromNowOnIsNotDeletedAnywhere() {
    stage.workspace.writes("a.log", "1");
    stage.start(ConflictPolicy.ASK).settle();

    stage.write(".gitignore", "*.log\n");
    Await.until(() -> stage.upstream().containsKey(".gitignore"));
    stage.settle();

    assertThat(stage.upstream()).containsOnlyKeys(".gitignore", "a.log");
    assertThat(stage.local()).containsOnlyKeys(".gitignore", "a.log");
  }

  @Test
  void filesThatTakePartAgainAreComparedAndNotOverwritten() throws IOException {
    stage.write(".gitignore", "*.log\n");
    stage.write("both.log", "mine");
    stage.workspace.writes("both.log", "theirs");
    stage.workspace.writes("only.log", "theirs");
    stage.start(ConflictPolicy.ASK).settle();
    assertThat(stage.local()).doesNotContainKey("only.log");

    Files.delete(stage.folder.resolve(".gitignore"));

    Await.until(() -> stage.local().containsKey("only.log"));
    Await.until(
        "the conflict",
        () -> stage.notes.conflicts.stream().anyMatch(one -> one.path().equals("both.log")));
    stage.settle();
    assertThat(stage.read("both.log")).isEqualTo("mine");
    assertThat(stage.upstream()).containsEntry("both.log", "theirs");
  }
}
