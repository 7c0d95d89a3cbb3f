package dev.concert.chronicle.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.journal.Journal;
import dev.concert.chronicle.recording.changelog.FileState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SynchronousRecorderTest {
  @TempDir Path folder;
  private ContentStore store;
  private Journal journal;
  private Recorder recorder;

  @BeforeEach
  void open() {
    store = ContentStore.open(folder.resolve("cas"));
    journal = Journal.open(folder.resolve("j.db"), InstantSource.system(), iterations -> {});
    recorder = new SynchronousRecorder(store, journal);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private void writes(String path, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    recorder.written(
        new FileState(
            path, Kind.FILE, 0644, false, new Signature(bytes.length, text.hashCode(), 1)),
        Content.of(bytes));
  }

  @Test
  void content_and_iteration_are_there_when_the_call_returns() {
    writes("a", "one");
    writes("a", "two");

    List<Iteration> history = journal.history().of("a");
    assertThat(history).extracting(Iteration::number).containsExactly(1L, 2L);
    assertThat(history)
        .extracting(iteration -> new String(store.read(iteration.hash()).orElseThrow()))
        .containsExactly("one", "two");
  }

  @Test
  void every_kind_of_change_is_an_iteration() {
    writes("a", "one");
    recorder.modeChanged("a", 0755, false);
    recorder.renamed("a", "b");
    recorder.removed("b");

    assertThat(journal.history().since(0, 10))
        .extracting(Iteration::change)
        .containsExactly(Change.CREATED, Change.MODIFIED, Change.RENAMED, Change.DELETED);
    assertThat(journal.history().paths()).contains("a", "b");
    assertThat(journal.history().live("b")).isEmpty();
  }

  @Test
  void what_the_journal_knows_already_is_no_iteration() {
    writes("a", "one");
    writes("a", "one");
    recorder.removed("never there");

    assertThat(journal.history().latest()).isEqualTo(1);
  }
}
