package dev.concert.chronicle.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.replication.conflict.Resolution;
import dev.concert.chronicle.replication.replica.Replica;
import dev.concert.chronicle.replication.replica.state.Undelivered;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One side cannot have a file for now: that stops nobody, and it is tried again. */
@ExpectedLog(
    logger = "dev.concert.chronicle.replication.master.WriteBackHandler",
    message = "The quota is used up",
    required = false)
@ExpectedLog(
    logger = "dev.concert.chronicle.replication.replica.Reconciler",
    message = "cannot give the content of big",
    required = false)
class InaccessibleFilesTest {
  private static final String NO_ROOM = "No space left on device";

  @TempDir private Path folder;
  private Stage stage;
  private Stage.Site site;

  @BeforeEach
  void open() {
    stage = new Stage(folder);
    stage.workspace.writes("big", "old");
    site = stage.site("a");
    site.settles();
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        NO_ROOM,
        "Disk quota exceeded",
        "File too large",
        "Permission denied",
        "File name too long"
      })
  void theOthersGoOnAndItComesWhenItCan(String reason) {
    site.files.refuse("big", reason);
    stage.workspace.writes("big", "new");
    stage.workspace.writes("small", "1");
    site.writes("mine", "2");
    site.settles();

    assertThat(site.files.text("small")).isEqualTo("1");
    assertThat(site.files.text("big")).isEqualTo("old");
    assertThat(stage.workspace.contents()).containsEntry("mine", "2").containsEntry("big", "new");
    assertThat(site.notes.delayed).containsExactly("big: " + reason);
    assertThat(undelivered()).containsExactly("big: " + reason);

    site.files.allow("big");
    site.settles();
    assertThat(site.files.files()).isEqualTo(stage.workspace.files());
    assertThat(undelivered()).isEmpty();
  }

  @Test
  void aDeletionThatCannotBeMadeWaitsToo() {
    site.files.refuse("big", "Permission denied");
    stage.workspace.deletes("big");
    stage.workspace.writes("small", "1");
    site.settles();
    assertThat(site.files.files()).containsKeys("big", "small");
    assertThat(stage.workspace.files()).as("it is not sent back").doesNotContainKey("big");

    site.files.allow("big");
    site.settles();
    assertThat(site.files.files()).doesNotContainKey("big");
  }

  @Test
  void itIsRememberedOverARestart() {
    site.files.refuse("big", NO_ROOM);
    stage.workspace.writes("big", "new");
    site.settles();
    site.stop();
    assertThat(
            Replica.remembered(folder.resolve("a")).orElseThrow().problems().undelivered().stream()
                .map(Undelivered.Entry::path))
        .containsExactly("big");

    site.files.allow("big");
    site.start();
    site.settles();
    assertThat(site.files.text("big")).isEqualTo("new");
  }

  @Test
  void anEditOfTheOldVersionIsAConflictAndOverwritesNothing() {
    site.notes.decision = Resolution.LATER;
    site.files.refuse("big", NO_ROOM);
    stage.workspace.writes("big", "theirs");
    site.settles();
    site.files.allow("big");
    site.writes("big", "mine");
    site.settles();

    assertThat(site.replica.conflicts().join()).hasSize(1);
    assertThat(site.files.text("big")).isEqualTo("mine");
    assertThat(stage.workspace.contents()).containsEntry("big", "theirs");
  }

  @Test
  void aNewerVersionTakesThePlaceOfTheOneThatWaits() {
    site.files.refuse("big", NO_ROOM);
    stage.workspace.writes("big", "new");
    site.settles();
    stage.workspace.writes("big", "newest");
    site.settles();
    site.files.allow("big");
    site.settles();

    assertThat(site.files.text("big")).isEqualTo("newest");
    assertThat(site.notes.applied).filteredOn("big"::equals).hasSize(2);
  }

  @Test
  void aFileThatCannotBeReadIsLeftOutAndCountsNeitherAsChangedNorAsGone() {
    site.files.refuse("secret", "Permission denied");
    site.writes("secret", "1");
    site.writes("open", "2");
    site.files.refuse("big", "Permission denied");
    site.files.writes("big", "edited");
    site.replica.rescan();
    site.settles();

    assertThat(stage.workspace.contents()).containsOnlyKeys("big", "open");
    assertThat(stage.workspace.contents()).containsEntry("big", "old");
    assertThat(site.notes.leftOut).contains("secret: Permission denied");
    assertThat(site.replica.problems().join().leftOut().count()).isEqualTo(2);

    site.files.allow("secret");
    site.files.allow("big");
    site.replica.rescan();
    site.settles();
    assertThat(stage.workspace.contents())
        .containsEntry("secret", "1")
        .containsEntry("big", "edited");
    assertThat(site.replica.problems().join().leftOut().count()).isZero();
  }

  @Test
  void whatTheWorkspaceCannotTakeHoldsUpNoOther() {
    stage.workspace.failFor("mine", new IllegalStateException("The quota is used up"));
    site.writes("mine", "1");
    site.writes("other", "2");
    site.settles();

    assertThat(stage.workspace.contents()).containsEntry("other", "2").doesNotContainKey("mine");
    assertThat(site.notes.delayed).containsExactly("mine: the workspace cannot take it now");
    for (int i = 0; i < 20; i++) {
      site.writes("later" + i, "3");
    }
    Await.until(() -> stage.workspace.contents().containsKey("later19"));

    stage.workspace.failFor("mine", null);
    site.settles();
    assertThat(stage.workspace.contents()).containsEntry("mine", "1");
  }

  private List<String> undelivered() {
    return site.replica.problems().join().undelivered().stream()
        .map(one -> one.path() + ": " + one.reason())
        .toList();
  }
}
