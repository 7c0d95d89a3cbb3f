package dev.concert.chronicle.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.replication.Stage.Site;
import dev.concert.chronicle.replication.conflict.Conflict;
import dev.concert.chronicle.replication.conflict.Resolution;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a path that changed on both sides. */
class ConflictTest {
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

  @Test
  void a_path_that_changed_on_both_sides_is_reported_and_both_versions_are_kept() {
    stage.workspace.writes("f.txt", "base");
    Site site = stage.site("a");
    site.settles();
    stage.wire.down(true);
    stage.workspace.writes("f.txt", "agent");
    site.writes("f.txt", "user");
    stage.wire.down(false);
    site.settles();

    assertThat(site.notes.conflicts).extracting(Conflict::path).containsOnly("f.txt");
    assertThat(site.files.files())
        .isEqualTo(stage.workspace.files())
        .containsEntry("f.txt", "644 agent")
        .containsValue("644 user")
        .hasSize(2);
    assertThat(site.files.files().keySet())
        .anyMatch(name -> name.matches("f\\.conflict-a-.{8}\\.txt"));
  }

  @Test
  void the_listener_decides_which_version_stays() {
    stage.workspace.writes("f", "base");
    Site site = stage.site("a");
    site.settles();
    for (Resolution decision : List.of(Resolution.KEEP_LOCAL, Resolution.ACCEPT_UPSTREAM)) {
      site.notes.decision = decision;
      stage.wire.down(true);
      stage.workspace.writes("f", "agent " + decision);
      site.writes("f", "user " + decision);
      stage.wire.down(false);
      site.settles();
      assertThat(site.files.files())
          .isEqualTo(stage.workspace.files())
          .isEqualTo(
              Map.of(
                  "f",
                  "644 " + (decision == Resolution.KEEP_LOCAL ? "user " : "agent ") + decision));
      assertThat(stage.workspace.everHad("agent " + decision)).isTrue();
    }
    assertThat(site.notes.conflicts).hasSize(2);
  }

  @Test
  void a_conflict_can_be_decided_later_also_after_a_restart_and_without_a_connection()
      throws Exception {
    stage.workspace.writes("f", "base");
    stage.workspace.writes("g", "base");
    Site site = stage.site("a");
    site.settles();
    site.notes.decision = Resolution.LATER;
    stage.wire.down(true);
    stage.workspace.writes("f", Kind.FILE, 0644, new byte[50_000]);
    stage.workspace.writes("g", "agent");
    site.writes("f", "user");
    site.writes("g", "user");
    stage.wire.down(false);
    site.settles();

    assertThat(site.files.files()).isEqualTo(Map.of("f", "644 user", "g", "644 user"));
    assertThat(site.replica.conflicts().get()).extracting(Conflict::path).containsExactly("f", "g");

    site.stop();
    stage.wire.down(true);
    site.start();
    site.replica.resolve("f", Resolution.ACCEPT_UPSTREAM).get(3, TimeUnit.MINUTES);
    assertThat(site.files.find("f").orElseThrow().signature().size()).isEqualTo(50_000);
    site.files.writes("g", "merged");
    site.replica.changed(List.of("g"));
    site.replica.resolve("g", Resolution.KEEP_LOCAL).get(3, TimeUnit.MINUTES);
    stage.wire.down(false);
    site.settles();
    assertThat(site.files.files())
        .isEqualTo(stage.workspace.files())
        .containsEntry("g", "644 merged");
    assertThat(site.replica.conflicts().get()).isEmpty();
  }

  @Test
  void where_one_side_deleted_the_other_sides_version_stays() {
    stage.workspace.writes("f", "base");
    stage.workspace.writes("g", "base");
    Site site = stage.site("a");
    site.settles();
    stage.wire.down(true);
    stage.workspace.deletes("f");
    site.writes("f", "user");
    stage.workspace.writes("g", "agent");
    site.deletes("g");
    stage.wire.down(false);
    site.settles();

    assertThat(site.notes.conflicts).extracting(Conflict::path).containsOnly("f", "g");
    assertThat(site.files.files())
        .isEqualTo(stage.workspace.files())
        .isEqualTo(Map.of("f", "644 user", "g", "644 agent"));
  }

  @Test
  void what_the_agent_does_right_after_a_write_of_the_replica_is_not_taken_for_that_write() {
    Site site = stage.site("a");
    site.settles();
    stage.workspace.afterWrite(
        () -> {
          stage.workspace.afterWrite(() -> {});
          stage.workspace.deletes("f");
        });
    site.writes("f", "user");
    site.settles();
    assertThat(site.files.files()).isEqualTo(stage.workspace.files()).isEmpty();
    assertThat(stage.workspace.everHad("user")).isTrue();
  }

  @Test
  void what_the_agent_does_right_before_a_deletion_of_the_replica_is_not_mistaken_either() {
    stage.workspace.writes("f", "base");
    Site site = stage.site("a");
    site.settles();
    stage.workspace.beforeWrite(
        () -> {
          stage.workspace.beforeWrite(() -> {});
          stage.workspace.writes("f", "agent, just before");
          // Only when the replica has it: what it is told and what it is answered may cross.
          Await.until(() -> site.files.files().containsValue("644 agent, just before"));
        });
    site.deletes("f");
    site.settles();
    assertThat(site.notes.conflicts).extracting(Conflict::path).containsExactly("f");
    assertThat(site.files.files()).isEqualTo(stage.workspace.files());
    assertThat(stage.workspace.everHad("agent, just before")).isTrue();
  }

  @Test
  void the_same_change_on_both_sides_is_no_conflict() {
    stage.workspace.writes("f", "base");
    Site site = stage.site("a");
    site.settles();
    stage.wire.down(true);
    stage.workspace.writes("f", "same");
    site.writes("f", "same");
    stage.wire.down(false);
    site.settles();
    assertThat(site.notes.conflicts).isEmpty();
    assertThat(site.files.files()).isEqualTo(stage.workspace.files());
  }

  @Test
  void files_that_both_sides_had_before_they_met_are_compared() {
    stage.workspace.writes("same", "1");
    stage.workspace.writes("other", "agent");
    stage.workspace.writes("theirs", "t");
    stage.wire.down(true);
    Site site = stage.site("a");
    site.files.writes("same", "1");
    site.files.writes("other", "user");
    site.files.writes("mine", "m");
    site.replica.rescan();
    stage.wire.down(false);
    site.settles();

    assertThat(site.notes.conflicts).extracting(Conflict::path).containsOnly("other");
    assertThat(site.notes.applied).doesNotContain("same");
    assertThat(site.files.files())
        .isEqualTo(stage.workspace.files())
        .containsEntry("same", "644 1")
        .containsEntry("other", "644 agent")
        .containsEntry("theirs", "644 t")
        .containsEntry("mine", "644 m")
        .hasSize(5);
  }

  @Test
  void what_is_in_the_way_of_the_workspaces_files_is_moved_aside() {
    Site site = stage.site("a");
    site.settles();
    stage.wire.down(true);
    site.writes("a", "the user's file");
    stage.workspace.writes("a/x", "the agent's folder");
    stage.wire.down(false);
    site.settles();
    assertThat(site.files.files())
        .containsEntry("a/x", "644 the agent's folder")
        .containsValue("644 the user's file");
    assertThat(stage.workspace.files()).isEqualTo(site.files.files());
    assertThat(site.notes.moved).containsExactly("a to a.conflict-a-aside");
  }

  @Test
  void what_is_moved_aside_never_goes_where_something_else_was_moved() {
    Site site = stage.site("a");
    site.settles();
    stage.wire.down(true);
    site.writes("a/x", "the user's folder");
    stage.workspace.writes("a", "the agent's file");
    stage.wire.down(false);
    site.settles();
    stage.wire.down(true);
    site.writes("a", "the user's file");
    stage.workspace.deletes("a");
    stage.workspace.writes("a/y", "the agent's folder");
    stage.wire.down(false);
    site.settles();
    assertThat(site.files.files().values())
        .containsExactlyInAnyOrder(
            "644 the user's folder", "644 the user's file", "644 the agent's folder");
    assertThat(site.notes.moved)
        .containsExactly("a to a.conflict-a-aside", "a to a.conflict-a-aside-2");
    assertThat(stage.workspace.files()).isEqualTo(site.files.files());
  }

  @Test
  void a_file_that_changes_under_the_replicas_hands_is_not_overwritten() {
    stage.workspace.writes("f", "base");
    Site site = stage.site("a");
    site.settles();
    site.files.beforeChange(
        () -> {
          site.files.beforeChange(() -> {});
          site.files.writes("f", "user, just now");
        });
    stage.workspace.writes("f", "agent");
    Await.until(() -> !site.notes.conflicts.isEmpty());
    site.settles();
    assertThat(site.files.files())
        .isEqualTo(stage.workspace.files())
        .containsValue("644 user, just now");
  }
}
