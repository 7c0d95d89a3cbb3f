package dev.concert.chronicle.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.replication.Stage.Site;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders with nothing in them, on both sides. */
class EmptyFolderTest {
  @TempDir Path folder;
  private Stage stage;

  @BeforeEach
  void start() {
    stage = new Stage(folder);
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  private void settle(Site... sites) {
    List.of(sites).forEach(Site::settles);
    List.of(sites).forEach(Site::settles);
    for (Site site : sites) {
      assertThat(site.files.folders().empty()).isEqualTo(stage.workspace.emptyFolders());
      assertThat(site.files.files()).isEqualTo(stage.workspace.files());
    }
  }

  @Test
  void anEmptyFolderTravelsBothWaysWithItsPermissions() {
    stage.workspace.makeFolder("of/the/agent", 0750);
    Site one = stage.site("one");
    Site two = stage.site("two");
    settle(one, two);
    assertThat(one.files.folders().empty()).isEqualTo(Map.of("of/the/agent", 0750));

    one.makes("mine", 0700);
    settle(one, two);
    assertThat(two.files.folders().empty()).containsEntry("mine", 0700);
  }

  @Test
  void aRemovedFolderGoesOnBothSides() {
    stage.workspace.makes("a");
    stage.workspace.makes("b/c");
    Site one = stage.site("one");
    Site two = stage.site("two");
    settle(one, two);

    stage.workspace.removes("a");
    two.removes("b");
    settle(one, two);
    assertThat(one.files.folders().exists("a")).isFalse();
    assertThat(stage.workspace.hasFolder("b")).isFalse();
  }

  @Test
  void aFolderStaysWhenItsLastFileIsDeletedAndGoesWhenItIsRemovedWithIt() {
    stage.workspace.writes("stays/a", "1");
    stage.workspace.writes("kept/b", "2");
    stage.workspace.writes("goes/x/c", "3");
    stage.workspace.writes("gone/d", "4");
    Site site = stage.site("one");
    settle(site);

    stage.workspace.deletes("stays/a");
    site.deletes("kept/b");
    site.deletes("goes/x/c");
    site.removes("goes");
    stage.workspace.deletes("gone/d");
    stage.workspace.removes("gone");
    settle(site);
    assertThat(stage.workspace.emptyFolders()).containsOnlyKeys("stays", "kept");
    assertThat(stage.workspace.hasFolder("goes")).isFalse();
    assertThat(site.files.folders().exists("gone")).isFalse();
  }

  @Test
  void whatHappenedToFoldersWithoutAConnectionIsBroughtTogether() {
    for (String name : List.of("a", "b", "c", "d")) {
      stage.workspace.makes(name);
    }
    Site site = stage.site("one");
    settle(site);
    stage.wire.down(true);
    stage.workspace.removes("a");
    stage.workspace.writes("b/file", "of the agent");
    stage.workspace.makes("new");
    site.removes("c");
    site.writes("a/file", "of the user");
    site.makes("mine", 0755);
    site.writes("d/file", "1");
    site.deletes("d/file");
    site.stop();
    site.start();
    stage.wire.down(false);
    settle(site);

    assertThat(stage.workspace.files()).containsOnlyKeys("a/file", "b/file");
    assertThat(stage.workspace.emptyFolders()).containsOnlyKeys("d", "mine", "new");
    assertThat(site.notes.conflicts).isEmpty();
  }

  @Test
  void aFolderThatWasEmptiedWithoutAConnectionStays() {
    stage.workspace.makes("d");
    Site site = stage.site("one");
    settle(site);
    stage.workspace.writes("d/file", "1");
    settle(site);
    stage.wire.down(true);
    site.deletes("d/file");
    site.stop();
    site.start();
    stage.wire.down(false);
    settle(site);

    assertThat(stage.workspace.files()).isEmpty();
    assertThat(stage.workspace.emptyFolders()).containsOnlyKeys("d");
  }

  @Test
  void aFileAndAFolderOfTheSameNameBothSurvive() {
    Site site = stage.site("one");
    settle(site);
    stage.wire.down(true);
    stage.workspace.makes("a");
    site.writes("a", "the user's file");
    stage.workspace.writes("b", "the agent's file");
    site.makes("b", 0755);
    stage.wire.down(false);
    settle(site);

    assertThat(stage.workspace.emptyFolders()).containsOnlyKeys("a");
    assertThat(site.files.files())
        .containsEntry("b", "644 the agent's file")
        .containsValue("644 the user's file");
  }

  @Test
  void aFolderThatBecomesAFileAndAFileThatBecomesAFolderArrive() {
    stage.workspace.makes("a");
    stage.workspace.writes("b", "1");
    Site site = stage.site("one");
    settle(site);
    stage.workspace.writes("a", "a file now");
    stage.workspace.deletes("b");
    stage.workspace.makes("b");
    settle(site);
    site.deletes("a");
    site.makes("a", 0755);
    site.writes("b", "a file again");
    settle(site);
    assertThat(stage.workspace.files()).containsOnlyKeys("b");
    assertThat(stage.workspace.emptyFolders()).containsOnlyKeys("a");
  }

  @Test
  void aFileThatTakesThePlaceOfFoldersIsSentAlthoughOnlyItsOwnPathIsNamed() {
    stage.workspace.makes("a/b/c");
    Site site = stage.site("one");
    settle(site);
    site.writes("a", "a file now");
    settle(site);
    assertThat(stage.workspace.files()).containsOnlyKeys("a");
    assertThat(stage.workspace.emptyFolders()).isEmpty();
  }
}
