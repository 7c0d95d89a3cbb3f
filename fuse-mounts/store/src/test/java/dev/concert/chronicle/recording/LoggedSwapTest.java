package dev.concert.chronicle.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.journal.Journal;
import dev.concert.chronicle.recording.changelog.ChangeLog;
import dev.concert.chronicle.recording.changelog.FileState;
import dev.concert.chronicle.recording.changelog.LogRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A swap of two names in the log of a process that was killed. */
class LoggedSwapTest {
  @TempDir Path home;

  /** Nothing was promised. */
  private static final class Nowhere implements DeferredFiles {
    @Override
    public Optional<LastingContent.Kept> find(String name, FileState file) {
      return Optional.empty();
    }

    @Override
    public void forget(String name) {}
  }

  @Test
  void isEnteredByTheNextProcess() {
    ContentStore store = ContentStore.open(home.resolve("cas"));
    Blob one = put(store, "one");
    Blob two = put(store, "two");
    try (ChangeLog log = ChangeLog.open(home, 0, InstantSource.system())) {
      log.append(new LogRecord.Stored(file("a", 1), one));
      log.append(new LogRecord.Stored(file("b", 2), two));
      log.append(new LogRecord.Exchanged("a", "b"));
    }

    try (RecordingWorkers workers = new RecordingWorkers();
        Journal journal = Journal.open(home.resolve("j.db"), InstantSource.system(), came -> {});
        LoggedRecorder next = LoggedRecorder.open(home, new Nowhere(), store, journal, workers)) {
      assertThat(next.drain(Duration.ofMinutes(2))).isTrue();

      assertThat(journal.history().of("a"))
          .extracting(Iteration::hash)
          .containsExactly(one.hash(), two.hash());
      assertThat(journal.history().of("b"))
          .extracting(Iteration::hash)
          .containsExactly(two.hash(), one.hash());
    }
  }

  private static Blob put(ContentStore store, String text) {
    return store.put(Content.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static FileState file(String path, long inode) {
    return new FileState(path, Kind.FILE, 0644, false, new Signature(3, 5, inode));
  }
}
