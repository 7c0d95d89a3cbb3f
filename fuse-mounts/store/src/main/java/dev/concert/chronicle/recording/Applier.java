package dev.concert.chronicle.recording;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Entry;
import dev.concert.chronicle.iteration.SkipReason;
import dev.concert.chronicle.iteration.TimestampedEntry;
import dev.concert.chronicle.journal.Journal;
import dev.concert.chronicle.recording.changelog.ChangeLog;
import dev.concert.chronicle.recording.changelog.FileState;
import dev.concert.chronicle.recording.changelog.LogReader;
import dev.concert.chronicle.recording.changelog.LogRecord;
import dev.concert.chronicle.recording.changelog.ReadResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes what the log holds in order: contents go to the store, the rest into the journal, in one
 * transaction with how far that is. May be tried again after a failure. For one thread at a time.
 */
final class Applier implements AutoCloseable {
  private static final int BATCH = 1024;

  private final ChangeLog log;
  private final LogReader reader;
  private final ContentStore store;
  private final DeferredReads captures;
  private final Journal journal;

  Applier(ChangeLog log, ContentStore store, DeferredReads captures, Journal journal) {
    this.log = log;
    this.store = store;
    this.captures = captures;
    this.journal = journal;
    this.reader = new LogReader(log, journal.position());
  }

  /** Number of the last record that is logged. */
  long last() {
    return log.last();
  }

  /**
   * Applies some of what is there.
   *
   * @return number of the last record that was applied; empty when there is nothing
   */
  Optional<Long> apply() throws IOException {
    List<LogRecord.Numbered> batch = reader.peek(BATCH);
    if (batch.isEmpty()) {
      return Optional.empty();
    }
    List<TimestampedEntry> entries = new ArrayList<>();
    for (LogRecord.Numbered record : batch) {
      entry(record).ifPresent(entry -> entries.add(new TimestampedEntry(record.time(), entry)));
    }
    long applied = batch.getLast().number();
    journal.apply(entries, applied);
    reader.taken();
    for (LogRecord.Numbered record : batch) {
      if (record.what() instanceof LogRecord.Promised) {
        captures.entered(record.number());
      }
    }
    log.free(applied);
    return Optional.of(applied);
  }

  private Optional<Entry> entry(LogRecord.Numbered record) {
    return switch (record.what()) {
      case LogRecord.Written(FileState file, byte[] content) ->
          Optional.of(written(file, store.put(Content.of(content))));
      case LogRecord.Stored(FileState file, Blob blob) -> Optional.of(written(file, blob));
      case LogRecord.Promised(FileState file) ->
          captures.of(record.number(), file).map(result -> read(file, result));
      case LogRecord.Captured _, LogRecord.GivenUp _ -> Optional.empty();
      case LogRecord.Skipped(FileState file, SkipReason reason) ->
          Optional.of(new Entry.Skipped(file.path(), file.signature().size(), reason));
      case LogRecord.ModeChanged(String path, int mode, boolean shared) ->
          Optional.of(new Entry.ModeChanged(path, mode, shared));
      case LogRecord.Removed(String path) -> Optional.of(new Entry.Removed(path));
      case LogRecord.Renamed(String from, String to) -> Optional.of(new Entry.Renamed(from, to));
      case LogRecord.Exchanged(String one, String other) ->
          Optional.of(new Entry.Exchanged(one, other));
    };
  }

  private static Entry read(FileState file, ReadResult result) {
    return switch (result) {
      case ReadResult.Stored(Blob blob) -> written(file, blob);
      case ReadResult.Skipped(SkipReason reason) ->
          new Entry.Skipped(file.path(), file.signature().size(), reason);
    };
  }

  private static Entry written(FileState file, Blob blob) {
    return new Entry.Written(
        file.path(), file.kind(), file.mode(), file.shared(), blob, file.signature());
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
