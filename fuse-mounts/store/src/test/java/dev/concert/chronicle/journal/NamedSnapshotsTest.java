package dev.concert.chronicle.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.iteration.Entry;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.NamedSnapshot;
import dev.concert.chronicle.iteration.Signature;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots and the workspace's own retention, which lie in the journal. */
class NamedSnapshotsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");

  @TempDir Path folder;
  private Journal journal;

  @BeforeEach
  void open() {
    journal = Journal.open(folder.resolve("j.db"), InstantSource.fixed(NOW), iterations -> {});
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private void write(String path) {
    journal.enter(
        new Entry.Written(path, Kind.FILE, 0644, new Blob("1", 3), new Signature(3, 4, 5)));
  }

  @Test
  void a_snapshot_names_the_latest_iteration_at_that_moment() {
    assertThat(journal.snapshots().add("empty"))
        .hasValue(new NamedSnapshot("empty", 0, NOW.toEpochMilli()));
    write("a");
    write("b");
    assertThat(journal.snapshots().add("two").orElseThrow().sequence()).isEqualTo(2);
    write("c");

    assertThat(journal.snapshots().find("two").orElseThrow().sequence()).isEqualTo(2);
    assertThat(journal.snapshots().all())
        .extracting(NamedSnapshot::name)
        .containsExactly("empty", "two");
  }

  @Test
  void a_name_is_given_once() {
    write("a");
    assertThat(journal.snapshots().add("s")).isPresent();
    write("b");
    assertThat(journal.snapshots().add("s")).isEmpty();
    assertThat(journal.snapshots().find("s").orElseThrow().sequence()).isEqualTo(1);
  }

  @Test
  void a_removed_name_can_be_given_again() {
    journal.snapshots().add("s");
    assertThat(journal.snapshots().remove("s")).isTrue();
    assertThat(journal.snapshots().remove("s")).isFalse();
    assertThat(journal.snapshots().find("s")).isEmpty();
    assertThat(journal.snapshots().add("s")).isPresent();
  }

  @Test
  void snapshots_and_retention_survive_a_restart() {
    journal.snapshots().add("s");
    journal.retention().set("keep 5");
    journal.close();
    open();

    assertThat(journal.snapshots().all()).extracting(NamedSnapshot::name).containsExactly("s");
    assertThat(journal.retention().find()).hasValue("keep 5");
  }

  @Test
  void a_workspace_has_one_retention_policy_or_none() {
    assertThat(journal.retention().find()).isEmpty();
    journal.retention().set("keep 5");
    journal.retention().set("keep 6");
    assertThat(journal.retention().find()).hasValue("keep 6");
    journal.retention().clear();
    assertThat(journal.retention().find()).isEmpty();
  }
}
