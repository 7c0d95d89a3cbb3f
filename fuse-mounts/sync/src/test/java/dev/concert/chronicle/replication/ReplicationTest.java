package dev.concert.chronicle.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.replication.Stage.Site;
import dev.concert.chronicle.replication.replica.Replica;
import dev.concert.chronicle.replication.replica.ReplicaOptions;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Master and replicas over a Unix socket. */
@ExpectedLog(
    logger = "dev.concert.chronicle.replication.master.WriteBackHandler",
    message = "Something is in the way",
    required = false)
class ReplicationTest {
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
  void what_the_agent_writes_is_at_the_replica() {
    stage.workspace.writes("before", "1");
    Site site = stage.site("a");
    site.settles();
    stage.workspace.writes("dir/after", "2");
    stage.workspace.writes("link", Kind.SYMLINK, 0777, "dir/after".getBytes());
    stage.workspace.writes("run", Kind.FILE, 0755, "#!".getBytes());
    site.settles();

    assertThat(site.files.files())
        .isEqualTo(
            Map.of(
                "before", "644 1", "dir/after", "644 2", "link", "-> dir/after", "run", "755 #!"))
        .isEqualTo(stage.workspace.files());
  }

  @Test
  void what_the_replica_writes_is_in_the_workspace_and_at_other_replicas() {
    Site one = stage.site("one");
    Site two = stage.site("two");
    one.writes("a", "from one");
    one.files.writes("l", Kind.SYMLINK, 0777, "a".getBytes());
    one.files.writes("x", Kind.FILE, 0755, "#!".getBytes());
    one.replica.rescan();
    one.settles();
    two.settles();

    assertThat(stage.workspace.files())
        .isEqualTo(Map.of("a", "644 from one", "l", "-> a", "x", "755 #!"))
        .isEqualTo(two.files.files());

    two.deletes("a");
    two.settles();
    one.settles();
    assertThat(stage.workspace.files()).isEqualTo(one.files.files()).doesNotContainKey("a");
    assertThat(one.notes.conflicts).isEmpty();
    assertThat(two.notes.conflicts).isEmpty();
  }

  @Test
  void deletions_and_renames_of_the_agent_arrive() {
    stage.workspace.writes("a", "1");
    stage.workspace.writes("b", "2");
    Site site = stage.site("a");
    site.settles();
    stage.workspace.renames("a", "c");
    stage.workspace.deletes("b");
    site.settles();
    assertThat(site.files.files()).isEqualTo(Map.of("c", "644 1"));
  }

  @Test
  void contents_of_any_size_travel_in_both_directions() {
    Random random = new Random(1);
    Site site = stage.site("a");
    for (int size : new int[] {0, 1, 4095, 4096, 100_000, 1 << 20, (1 << 20) + 1, 5_000_000}) {
      byte[] content = new byte[size];
      random.nextBytes(content);
      stage.workspace.writes("down" + size, Kind.FILE, 0644, content);
      random.nextBytes(content);
      site.files.writes("up" + size, Kind.FILE, 0644, content);
    }
    site.replica.rescan();
    site.settles();
    assertThat(stage.workspace.files()).hasSize(16).isEqualTo(site.files.files());
  }

  @Test
  void a_replica_that_was_away_is_told_only_what_it_missed() {
    Site site = stage.site("a");
    stage.workspace.writes("a", "1");
    site.settles();
    site.notes.resyncs.clear();
    stage.wire.down(true);
    for (int i = 0; i < Stage.GAP; i++) {
      stage.workspace.writes("f" + i, "x");
    }
    stage.wire.down(false);
    site.settles();
    assertThat(site.notes.resyncs).isEmpty();
    assertThat(site.files.files()).isEqualTo(stage.workspace.files());
  }

  @Test
  void a_replica_that_was_away_too_long_compares_everything() {
    Site site = stage.site("a");
    for (int i = 0; i < 10; i++) {
      stage.workspace.writes("f" + i, "x");
    }
    site.settles();
    site.notes.resyncs.clear();
    site.notes.applied.clear();
    stage.wire.down(true);
    for (int i = 0; i <= Stage.GAP; i++) {
      stage.workspace.writes("f1", "x" + i);
    }
    stage.workspace.deletes("f2");
    site.writes("mine", "m");
    site.deletes("f3");
    stage.wire.down(false);
    site.settles();

    assertThat(site.notes.resyncs).isNotEmpty();
    assertThat(site.notes.applied).containsExactly("f1", "f2");
    assertThat(site.notes.conflicts).isEmpty();
    assertThat(site.files.files())
        .isEqualTo(stage.workspace.files())
        .containsKey("mine")
        .doesNotContainKeys("f2", "f3");
  }

  @Test
  void a_file_in_the_place_of_a_folder_and_back() {
    stage.workspace.writes("a", "file");
    stage.workspace.writes("b/c", "file");
    Site site = stage.site("a");
    site.settles();
    stage.wire.down(true);
    stage.workspace.deletes("a");
    stage.workspace.writes("a/x", "in the folder");
    stage.workspace.deletes("b/c");
    stage.workspace.writes("b", "now a file");
    for (int i = 0; i < Stage.GAP; i++) {
      stage.workspace.writes("many", "x" + i);
    }
    stage.wire.down(false);
    site.settles();
    assertThat(site.files.files()).isEqualTo(stage.workspace.files()).hasSize(3);
  }

  @Test
  void a_write_that_fails_is_tried_again_and_one_that_can_never_be_is_given_up() {
    Site site = stage.site("a");
    site.settles();
    stage.workspace.failWith(new IllegalStateException("The disk is full"));
    site.writes("f", "1");
    Await.until(() -> site.replica.status().join().waiting() == 1);
    stage.workspace.failWith(null);
    site.settles();
    assertThat(stage.workspace.files()).containsKey("f");

    site.writes(".chronicle/x", "1");
    site.settles();
    assertThat(site.notes.refused).containsExactly(".chronicle/x: path_invalid");
    assertThat(stage.workspace.files()).doesNotContainKey(".chronicle/x");
  }

  @Test
  void a_second_replica_on_the_same_state_is_refused() {
    Site site = stage.site("a");
    site.settles();
    assertThatThrownBy(
            () ->
                Replica.open(
                    ReplicaOptions.of("b", folder.resolve("a")),
                    site.files,
                    stage.wire,
                    site.notes))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Another replica uses");
  }

  @Test
  void the_master_knows_how_far_each_replica_is() {
    Site site = stage.site("a");
    long sequence = stage.workspace.writes("f", "1");
    site.settles();
    Await.until(() -> stage.master.acknowledged().getOrDefault("a", 0L) == sequence);
    site.stop();
    Await.until(() -> stage.master.replicas() == 0);
  }
}
