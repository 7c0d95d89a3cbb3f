package dev.concert.chronicle.recording;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Entry;
import dev.concert.chronicle.iteration.Journal;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;

/** Content is in the store and iteration in the journal when a method returns. Thread-safe. */
public final class SynchronousRecorder implements Recorder {
  private final ContentStore store;
  private final Journal journal;

  public SynchronousRecorder(ContentStore store, Journal journal) {
    this.store = store;
    this.journal = journal;
  }

  @Override
  public void written(String path, Kind kind, int mode, Signature signature, Content content) {
    journal.enter(new Entry.Written(path, kind, mode, store.put(content), signature));
  }

  @Override
  public void removed(String path) {
    journal.enter(new Entry.Removed(path));
  }

  @Override
  public void renamed(String from, String to) {
    journal.enter(new Entry.Renamed(from, to));
  }
}
