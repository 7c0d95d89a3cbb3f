package dev.concert.chronicle.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.Entry;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.retention.RetentionCandidate;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IterationPrunerTest {
  @TempDir Path folder;

  private static void write(Journal journal, String path, String hash) {
    journal.enter(
        new Entry.Written(path, Kind.FILE, 0644, new Blob(hash, 3), new Signature(3, 4, 5)));
  }

  private static List<Long> all(List<RetentionCandidate> versions, NavigableSet<Long> snapshots) {
    return versions.stream().map(RetentionCandidate::sequence).toList();
  }

  @Test
  void states_of_now_and_ends_by_rename_stay_even_where_all_is_to_be_dropped() {
    Path file = folder.resolve("j.db");
    try (Journal journal = Journal.open(file, InstantSource.system(), iterations -> {})) {
      for (int i = 0; i < 10; i++) {
        write(journal, "a", "a" + i);
        write(journal, "b", "b" + i);
      }
      journal.enter(new Entry.Renamed("b", "c"));
      write(journal, "c", "c");
      journal.enter(new Entry.Removed("a"));
      long latest = journal.history().latest();

      assertThat(IterationPruner.apply(file, _ -> Optional.of(IterationPrunerTest::all)))
          .isEqualTo(20);

      assertThat(journal.history().latest()).isEqualTo(latest);
      assertThat(journal.history().of("a"))
          .extracting(Iteration::change)
          .containsExactly(Change.DELETED);
      assertThat(journal.history().of("b"))
          .extracting(Iteration::change)
          .containsExactly(Change.DELETED);
      assertThat(journal.history().of("c")).extracting(Iteration::hash).containsExactly("b9", "c");
      write(journal, "c", "d");
      assertThat(journal.history().of("c").getLast().number()).isEqualTo(13);
    }
    assertThat(IterationPruner.apply(file, _ -> Optional.of((versions, snapshots) -> List.of())))
        .isZero();
  }

  @Test
  void what_was_dropped_is_known_to_be_unknown_at_the_moments_that_need_it() {
    Path file = folder.resolve("j.db");
    try (Journal journal = Journal.open(file, InstantSource.system(), iterations -> {})) {
      write(journal, "a", "a1"); // 1
      write(journal, "b", "b1"); // 2
      write(journal, "a", "a2"); // 3
      write(journal, "a", "a3"); // 4
      journal.enter(new Entry.Renamed("b", "c")); // 5
      journal.enter(new Entry.Removed("c")); // 6
      write(journal, "a", "a4"); // 7
      for (long moment = 0; moment <= 7; moment++) {
        assertThat(journal.history().unknownAt(moment)).as("#" + moment).isEmpty();
      }

      IterationPruner.apply(
          file,
          _ ->
              Optional.of(
                  (versions, snapshots) ->
                      versions.stream()
                          .map(RetentionCandidate::sequence)
                          .filter(sequence -> sequence == 3 || sequence == 4)
                          .toList()));

      assertThat(journal.history().unknownAt(1)).containsExactly("a");
      assertThat(journal.history().unknownAt(5)).containsExactly("a");
      assertThat(journal.history().unknownAt(0)).isEmpty();
      assertThat(journal.history().unknownAt(7)).isEmpty();
    }
  }

  @Test
  void a_writer_goes_on_while_a_journal_is_pruned() throws InterruptedException {
    Path file = folder.resolve("j.db");
    try (Journal journal = Journal.open(file, InstantSource.system(), iterations -> {})) {
      for (int i = 0; i < 500; i++) {
        write(journal, "f" + i, "h");
      }
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < 1000; i++) {
                      write(journal, "f" + i % 500, "h" + i);
                    }
                  });
      while (writer.isAlive()) {
        IterationPruner.apply(file, _ -> Optional.of(IterationPrunerTest::all));
      }
      writer.join();
      IterationPruner.apply(file, _ -> Optional.of(IterationPrunerTest::all));
      assertThat(journal.history().latest()).isEqualTo(1500);
      for (int i = 0; i < 500; i++) {
        assertThat(journal.history().of("f" + i)).extracting(Iteration::number).containsExactly(3L);
      }
    }
  }
}
