package dev.concert.chronicle.recording.changelog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a log on while it is written, from the first record that was not applied. */
public final class LogReader implements AutoCloseable {
  private static final long MOST_BYTES = 4L << 20;

  private final ChangeLog log;
  private Optional<SegmentReader> file = Optional.empty();
  private Optional<Path> path = Optional.empty();
  private long read;
  private List<LogRecord.Numbered> batch = new ArrayList<>();

  public LogReader(ChangeLog log, long applied) {
    this.log = log;
    this.read = applied;
  }

  /** The next records, the same again until they are {@link #taken}; empty at the end. */
  public List<LogRecord.Numbered> peek(int most) throws IOException {
    if (batch.isEmpty()) {
      long bytes = 0;
      while (batch.size() < most && bytes < MOST_BYTES && read < log.last()) {
        LogRecord.Numbered record = next();
        batch.add(record);
        read = record.number();
        if (record.what() instanceof LogRecord.Written(FileState written, byte[] content)) {
          bytes += content.length;
        }
      }
    }
    return batch;
  }

  public void taken() {
    batch = new ArrayList<>();
  }

  private LogRecord.Numbered next() throws IOException {
    while (true) {
      Optional<LogRecord.Numbered> record = file.isPresent() ? file.get().next() : Optional.empty();
      if (record.isEmpty()) {
        nextFile();
      } else if (record.get().number() > read) {
        return record.get();
      }
    }
  }

  private void nextFile() throws IOException {
    Path next = log.holding(read + 1);
    if (path.filter(next::equals).isPresent()) {
      throw new IOException("The change log cannot be read after record " + read);
    }
    close();
    file = Optional.of(new SegmentReader(next));
    path = Optional.of(next);
  }

  @Override
  public void close() throws IOException {
    if (file.isPresent()) {
      file.get().close();
    }
    file = Optional.empty();
    path = Optional.empty();
  }
}
