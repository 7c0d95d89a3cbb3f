package dev.concert.chronicle.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.Entry;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.iteration.SkipReason;
import dev.concert.chronicle.iteration.SkipSummary;
import dev.concert.chronicle.iteration.Snapshot;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir Path folder;
  private final List<Iteration> heard = new ArrayList<>();
  private Journal journal;

  @BeforeEach
  void open() {
    journal = Journal.open(folder.resolve("j.db"), InstantSource.system(), heard::addAll);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private void write(String path, String hash) {
    journal.enter(
        new Entry.Written(path, Kind.FILE, 0644, new Blob(hash, 3), new Signature(3, 4, 5)));
  }

  @Test
  void a_folder_that_is_renamed_takes_all_files_below_it_along() {
    write("d/a", "1");
    write("d/e/b", "2");
    write("da", "3");
    journal.enter(new Entry.Renamed("d", "x"));

    assertThat(journal.history().liveBelow("").keySet())
        .containsExactlyInAnyOrder("x/a", "x/e/b", "da");
    assertThat(journal.history().of("x/e/b")).extracting(Iteration::number).containsExactly(1L, 2L);
    assertThat(heard.getLast().from()).hasValue("d/e/b");
  }

  @Test
  void a_file_renamed_back_and_forth_keeps_one_history() {
    write("a", "1");
    journal.enter(new Entry.Renamed("a", "b"));
    journal.enter(new Entry.Renamed("b", "a"));
    write("a", "2");

    assertThat(journal.history().of("a"))
        .extracting(Iteration::change)
        .containsExactly(Change.CREATED, Change.DELETED, Change.RENAMED, Change.MODIFIED);
    assertThat(journal.history().of("b")).extracting(Iteration::hash).containsExactly("1", "1", "");
  }

  @Test
  void a_version_that_is_not_kept_replaces_another_file_without_deleting_it() {
    write("a.tmp", "1");
    journal.enter(new Entry.Renamed("a.tmp", "a"));
    journal.enter(new Entry.Skipped("a.tmp", 7, SkipReason.TOO_OFTEN));
    journal.enter(new Entry.Renamed("a.tmp", "a"));

    assertThat(journal.history().of("a"))
        .extracting(Iteration::change)
        .doesNotContain(Change.DELETED);
    assertThat(journal.history().skipped("a"))
        .extracting(SkipSummary::reason, SkipSummary::size)
        .containsExactly(tuple(SkipReason.TOO_OFTEN, 7L));

    // What comes later under the old name was not skipped.
    write("a.tmp", "2");
    journal.enter(new Entry.Removed("a.tmp"));
    journal.enter(new Entry.Renamed("a.tmp", "a"));
    assertThat(journal.history().live("a")).isEmpty();
  }

  @Test
  void many_writers_at_once_share_transactions_and_leave_no_hole() {
    try (ExecutorService writers = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 2000; i++) {
        int n = i;
        writers.execute(() -> write("f" + n % 100, "h" + n));
      }
    }
    assertThat(heard).hasSize(2000);
    assertThat(heard.stream().mapToLong(Iteration::sequence))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 2000).boxed().toList());
  }

  @Test
  void a_snapshot_has_what_is_there_and_how_far_it_goes() {
    write("a", "1");
    write("b", "2");
    journal.enter(new Entry.Renamed("a", "c"));
    journal.enter(new Entry.Removed("b"));

    Snapshot snapshot = journal.history().snapshot();

    assertThat(snapshot.sequence()).isEqualTo(4);
    assertThat(snapshot.live())
        .extracting(Iteration::path, Iteration::hash, Iteration::mode)
        .containsExactly(tuple("c", "1", 0644));
  }

  @Test
  void the_latest_iteration_of_a_path_may_be_the_rename_that_ended_it() {
    write("a", "1");
    write("z", "1");
    journal.enter(new Entry.Renamed("a", "c"));
    write("z", "2");

    assertThat(journal.history().latestOf("a")).isEqualTo(3);
    assertThat(journal.history().latestOf("c")).isEqualTo(3);
    assertThat(journal.history().latestOf("never")).isZero();
  }

  @Test
  void what_cannot_be_entered_fails_for_the_one_who_entered_it() {
    journal.close();
    assertThatThrownBy(() -> write("a", "1")).hasMessageContaining("Cannot write the database");
    open();
    write("a", "1");
    assertThat(journal.history().latest()).isEqualTo(1);
  }
}
