package dev.concert.chronicle.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.replication.master.Master;
import dev.concert.chronicle.replication.master.MasterOptions;
import dev.concert.chronicle.replication.replica.Conflict;
import dev.concert.chronicle.replication.replica.Replica;
import dev.concert.chronicle.replication.replica.ReplicaListener;
import dev.concert.chronicle.replication.replica.ReplicaOptions;
import dev.concert.chronicle.replication.replica.Resolution;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Master and replicas over a Unix socket. */
class ReplicationTest {
  private static final long GAP = 50;

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private LiveWorkspace workspace;
  private Master master;
  private Wire wire;

  private static final class Notes implements ReplicaListener {
    final List<Conflict> conflicts = new CopyOnWriteArrayList<>();
    final List<String> applied = new CopyOnWriteArrayList<>();
    final List<String> refused = new CopyOnWriteArrayList<>();
    final List<Long> resyncs = new CopyOnWriteArrayList<>();
    volatile Resolution decision = Resolution.KEEP_BOTH;

    @Override
    public Resolution conflict(Conflict conflict) {
      conflicts.add(conflict);
      return decision;
    }

    @Override
    public void applied(String path, dev.concert.chronicle.replication.wire.Version version) {
      applied.add(path);
    }

    @Override
    public void refused(String path, String reason) {
      refused.add(path + ": " + reason);
    }

    @Override
    public void resyncing(long files) {
      resyncs.add(files);
    }
  }

  private final class Site {
    final MemoryFiles files = new MemoryFiles();
    final Notes notes = new Notes();
    private final String name;
    private Replica replica;

    Site(String name) {
      this.name = name;
      start();
    }

    void start() {
      replica =
          Replica.open(
              new ReplicaOptions(
                  name, folder.resolve(name), Duration.ofSeconds(20), Duration.ofMillis(200)),
              files,
              wire,
              notes);
      open.addFirst(replica);
    }

    void stop() {
      replica.close();
    }

    void writes(String path, String content) {
      files.writes(path, content);
      replica.changed(List.of(path));
    }

    void deletes(String path) {
      files.deletes(path);
      replica.changed(List.of(path));
    }

    void settles() {
      try {
        replica.settle().get(20, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new AssertionError("It did not settle: " + replica.status().join(), e);
      }
    }
  }

  @BeforeEach
  void start() {
    workspace = new LiveWorkspace(folder.resolve("workspace"));
    master =
        new Master(
            "w",
            workspace,
            new MasterOptions(
                Duration.ofMillis(100),
                Duration.ofSeconds(20),
                GAP,
                8,
                1 << 30,
                folder.resolve("staging")));
    workspace.onIterations(master::advanced);
    wire = new Wire(folder, master);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable part : open) {
      part.close();
    }
    wire.close();
    master.close();
    workspace.close();
  }

  @Test
  void what_the_agent_writes_is_at_the_replica() {
    workspace.writes("before", "1");
    Site site = new Site("a");
    site.settles();
    workspace.writes("dir/after", "2");
    workspace.writes("link", Kind.SYMLINK, 0777, "dir/after".getBytes());
    workspace.writes("run", Kind.FILE, 0755, "#!".getBytes());
    site.settles();

    assertThat(site.files.files())
        .isEqualTo(
            Map.of(
                "before", "644 1", "dir/after", "644 2", "link", "-> dir/after", "run", "755 #!"))
        .isEqualTo(workspace.files());
  }

  @Test
  void what_the_replica_writes_is_in_the_workspace_and_at_other_replicas() {
    Site one = new Site("one");
    Site two = new Site("two");
    one.writes("a", "from one");
    one.files.writes("l", Kind.SYMLINK, 0777, "a".getBytes());
    one.files.writes("x", Kind.FILE, 0755, "#!".getBytes());
    one.replica.rescan();
    one.settles();
    two.settles();

    assertThat(workspace.files())
        .isEqualTo(Map.of("a", "644 from one", "l", "-> a", "x", "755 #!"))
        .isEqualTo(two.files.files());

    two.deletes("a");
    two.settles();
    one.settles();
    assertThat(workspace.files()).isEqualTo(one.files.files()).doesNotContainKey("a");
    assertThat(one.notes.conflicts).isEmpty();
    assertThat(two.notes.conflicts).isEmpty();
  }

  @Test
  void deletions_and_renames_of_the_agent_arrive() {
    workspace.writes("a", "1");
    workspace.writes("b", "2");
    Site site = new Site("a");
    site.settles();
    workspace.renames("a", "c");
    workspace.deletes("b");
    site.settles();
    assertThat(site.files.files()).isEqualTo(Map.of("c", "644 1"));
  }

  @Test
  void contents_of_any_size_travel_in_both_directions() {
    Random random = new Random(1);
    Site site = new Site("a");
    for (int size : new int[] {0, 1, 4095, 4096, 100_000, 1 << 20, (1 << 20) + 1, 5_000_000}) {
      byte[] content = new byte[size];
      random.nextBytes(content);
      workspace.writes("down" + size, Kind.FILE, 0644, content);
      random.nextBytes(content);
      site.files.writes("up" + size, Kind.FILE, 0644, content);
    }
    site.replica.rescan();
    site.settles();
    assertThat(workspace.files()).hasSize(16).isEqualTo(site.files.files());
  }

  @Test
  void a_path_that_changed_on_both_sides_is_reported_and_both_versions_are_kept() {
    workspace.writes("f.txt", "base");
    Site site = new Site("a");
    site.settles();
    wire.down(true);
    workspace.writes("f.txt", "agent");
    site.writes("f.txt", "user");
    wire.down(false);
    site.settles();

    assertThat(site.notes.conflicts).extracting(Conflict::path).containsOnly("f.txt");
    assertThat(site.files.files())
        .isEqualTo(workspace.files())
        .containsEntry("f.txt", "644 agent")
        .containsValue("644 user")
        .hasSize(2);
    assertThat(site.files.files().keySet())
        .anyMatch(name -> name.matches("f\\.conflict-a-.{8}\\.txt"));
  }

  @Test
  void the_listener_decides_which_version_stays() {
    workspace.writes("f", "base");
    Site site = new Site("a");
    site.settles();
    for (Resolution decision : List.of(Resolution.KEEP_LOCAL, Resolution.ACCEPT_UPSTREAM)) {
      site.notes.decision = decision;
      wire.down(true);
      workspace.writes("f", "agent " + decision);
      site.writes("f", "user " + decision);
      wire.down(false);
      site.settles();
      assertThat(site.files.files())
          .isEqualTo(workspace.files())
          .isEqualTo(
              Map.of(
                  "f",
                  "644 " + (decision == Resolution.KEEP_LOCAL ? "user " : "agent ") + decision));
      assertThat(workspace.everHad("agent " + decision)).isTrue();
    }
    assertThat(site.notes.conflicts).hasSize(2);
  }

  @Test
  void a_conflict_can_be_decided_later_also_after_a_restart_and_without_a_connection()
      throws Exception {
    workspace.writes("f", "base");
    workspace.writes("g", "base");
    Site site = new Site("a");
    site.settles();
    site.notes.decision = Resolution.LATER;
    wire.down(true);
    workspace.writes("f", Kind.FILE, 0644, new byte[50_000]);
    workspace.writes("g", "agent");
    site.writes("f", "user");
    site.writes("g", "user");
    wire.down(false);
    site.settles();

    assertThat(site.files.files()).isEqualTo(Map.of("f", "644 user", "g", "644 user"));
    assertThat(site.replica.conflicts().get()).extracting(Conflict::path).containsExactly("f", "g");

    site.stop();
    wire.down(true);
    site.start();
    site.replica.resolve("f", Resolution.ACCEPT_UPSTREAM).get(5, TimeUnit.SECONDS);
    assertThat(site.files.find("f").orElseThrow().signature().size()).isEqualTo(50_000);
    site.files.writes("g", "merged");
    site.replica.changed(List.of("g"));
    site.replica.resolve("g", Resolution.KEEP_LOCAL).get(5, TimeUnit.SECONDS);
    wire.down(false);
    site.settles();
    assertThat(site.files.files()).isEqualTo(workspace.files()).containsEntry("g", "644 merged");
    assertThat(site.replica.conflicts().get()).isEmpty();
  }

  @Test
  void where_one_side_deleted_the_other_sides_version_stays() {
    workspace.writes("f", "base");
    workspace.writes("g", "base");
    Site site = new Site("a");
    site.settles();
    wire.down(true);
    workspace.deletes("f");
    site.writes("f", "user");
    workspace.writes("g", "agent");
    site.deletes("g");
    wire.down(false);
    site.settles();

    assertThat(site.notes.conflicts).extracting(Conflict::path).containsOnly("f", "g");
    assertThat(site.files.files())
        .isEqualTo(workspace.files())
        .isEqualTo(Map.of("f", "644 user", "g", "644 agent"));
  }

  @Test
  void the_same_change_on_both_sides_is_no_conflict() {
    workspace.writes("f", "base");
    Site site = new Site("a");
    site.settles();
    wire.down(true);
    workspace.writes("f", "same");
    site.writes("f", "same");
    wire.down(false);
    site.settles();
    assertThat(site.notes.conflicts).isEmpty();
    assertThat(site.files.files()).isEqualTo(workspace.files());
  }

  @Test
  void files_that_both_sides_had_before_they_met_are_compared() {
    workspace.writes("same", "1");
    workspace.writes("other", "agent");
    workspace.writes("theirs", "t");
    wire.down(true);
    Site site = new Site("a");
    site.files.writes("same", "1");
    site.files.writes("other", "user");
    site.files.writes("mine", "m");
    site.replica.rescan();
    wire.down(false);
    site.settles();

    assertThat(site.notes.conflicts).extracting(Conflict::path).containsOnly("other");
    assertThat(site.notes.applied).doesNotContain("same");
    assertThat(site.files.files())
        .isEqualTo(workspace.files())
        .containsEntry("same", "644 1")
        .containsEntry("other", "644 agent")
        .containsEntry("theirs", "644 t")
        .containsEntry("mine", "644 m")
        .hasSize(5);
  }

  @Test
  void a_replica_that_was_away_is_told_only_what_it_missed() {
    Site site = new Site("a");
    workspace.writes("a", "1");
    site.settles();
    site.notes.resyncs.clear();
    wire.down(true);
    for (int i = 0; i < GAP; i++) {
      workspace.writes("f" + i, "x");
    }
    wire.down(false);
    site.settles();
    assertThat(site.notes.resyncs).isEmpty();
    assertThat(site.files.files()).isEqualTo(workspace.files());
  }

  @Test
  void a_replica_that_was_away_too_long_compares_everything() {
    Site site = new Site("a");
    for (int i = 0; i < 10; i++) {
      workspace.writes("f" + i, "x");
    }
    site.settles();
    site.notes.resyncs.clear();
    site.notes.applied.clear();
    wire.down(true);
    for (int i = 0; i <= GAP; i++) {
      workspace.writes("f1", "x" + i);
    }
    workspace.deletes("f2");
    site.writes("mine", "m");
    site.deletes("f3");
    wire.down(false);
    site.settles();

    assertThat(site.notes.resyncs).isNotEmpty();
    assertThat(site.notes.applied).containsExactly("f1", "f2");
    assertThat(site.notes.conflicts).isEmpty();
    assertThat(site.files.files())
        .isEqualTo(workspace.files())
        .containsKey("mine")
        .doesNotContainKeys("f2", "f3");
  }

  @Test
  void a_file_in_the_place_of_a_folder_and_back() {
    workspace.writes("a", "file");
    workspace.writes("b/c", "file");
    Site site = new Site("a");
    site.settles();
    wire.down(true);
    workspace.deletes("a");
    workspace.writes("a/x", "in the folder");
    workspace.deletes("b/c");
    workspace.writes("b", "now a file");
    for (int i = 0; i < GAP; i++) {
      workspace.writes("many", "x" + i);
    }
    wire.down(false);
    site.settles();
    assertThat(site.files.files()).isEqualTo(workspace.files()).hasSize(3);
  }

  @Test
  void what_is_in_the_way_of_the_workspaces_files_is_moved_aside() {
    Site site = new Site("a");
    site.settles();
    wire.down(true);
    site.writes("a", "the user's file");
    workspace.writes("a/x", "the agent's folder");
    wire.down(false);
    site.settles();
    assertThat(site.files.files())
        .containsEntry("a/x", "644 the agent's folder")
        .containsValue("644 the user's file");
    assertThat(workspace.files()).isEqualTo(site.files.files());
  }

  @Test
  void a_write_that_fails_is_tried_again_and_one_that_can_never_be_is_given_up() {
    Site site = new Site("a");
    site.settles();
    workspace.failWith(new IllegalStateException("The disk is full"));
    site.writes("f", "1");
    Await.until(() -> site.replica.status().join().waiting() == 1);
    workspace.failWith(null);
    site.settles();
    assertThat(workspace.files()).containsKey("f");

    site.writes(".chronicle/x", "1");
    site.settles();
    assertThat(site.notes.refused).containsExactly(".chronicle/x: path_invalid");
    assertThat(workspace.files()).doesNotContainKey(".chronicle/x");
  }

  @Test
  void a_file_that_changes_under_the_replicas_hands_is_not_overwritten() {
    workspace.writes("f", "base");
    Site site = new Site("a");
    site.settles();
    site.files.beforeChange(
        () -> {
          site.files.beforeChange(() -> {});
          site.files.writes("f", "user, just now");
        });
    workspace.writes("f", "agent");
    Await.until(() -> !site.notes.conflicts.isEmpty());
    site.settles();
    assertThat(site.files.files()).isEqualTo(workspace.files()).containsValue("644 user, just now");
  }

  @Test
  void a_second_replica_on_the_same_state_is_refused() {
    Site site = new Site("a");
    site.settles();
    assertThatThrownBy(
            () ->
                Replica.open(
                    ReplicaOptions.of("b", folder.resolve("a")), site.files, wire, site.notes))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Another replica uses");
  }

  @Test
  void the_master_knows_how_far_each_replica_is() {
    Site site = new Site("a");
    long sequence = workspace.writes("f", "1");
    site.settles();
    Await.until(() -> master.acknowledged().getOrDefault("a", 0L) == sequence);
    site.stop();
    Await.until(() -> master.replicas() == 0);
  }
}
