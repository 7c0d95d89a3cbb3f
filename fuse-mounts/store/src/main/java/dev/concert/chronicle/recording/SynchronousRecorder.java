package dev.concert.chronicle.recording;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Entry;
import dev.concert.chronicle.journal.Journal;
import dev.concert.chronicle.recording.changelog.FileState;
import java.time.Duration;
import java.util.Optional;

/** Content is in the store and iteration in the journal when a method returns. Thread-safe. */
public final class SynchronousRecorder implements Recorder {
  private final ContentStore store;
  private final Journal journal;

  public SynchronousRecorder(ContentStore store, Journal journal) {
    this.store = store;
    this.journal = journal;
  }

  @Override
  public Optional<Duration> written(FileState file, Content content) {
    journal.enter(
        new Entry.Written(
            file.path(),
            file.kind(),
            file.mode(),
            file.shared(),
            store.put(content),
            file.signature()));
    return Optional.empty();
  }

  @Override
  public void modeChanged(String path, int mode, boolean shared) {
    journal.enter(new Entry.ModeChanged(path, mode, shared));
  }

  @Override
  public void removed(String path) {
    journal.enter(new Entry.Removed(path));
  }

  @Override
  public void renamed(String from, String to) {
    journal.enter(new Entry.Renamed(from, to));
  }

  @Override
  public void exchanged(String one, String other) {
    journal.enter(new Entry.Exchanged(one, other));
  }
}
