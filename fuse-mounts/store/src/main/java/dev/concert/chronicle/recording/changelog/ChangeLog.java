package dev.concert.chronicle.recording.changelog;

import dev.concert.foundation.files.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * The change log of one workspace, to be written at its end and freed at its begin.
 *
 * <p>A record survives the death of the process when {@link #append} has returned, and the death of
 * the machine when {@link #sync} has. Its size is bounded by the caller, who asks for it. Files of
 * the log that are applied are deleted. Thread-safe.
 */
public final class ChangeLog implements AutoCloseable {
  /** A content of at most so many bytes is part of its record. */
  public static final int LARGEST_INLINE = 64 * 1024;

  /** A file of the log that has got this long is followed by another. */
  private static final long SEGMENT = 4L << 20;

  /** An idle workspace keeps at most this much of a log that is applied. */
  private static final long WORTH_DELETING = 64 << 10;

  private final Path folder;
  private final InstantSource clock;
  private final Deque<Segment> segments = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final LogScan found;
  private volatile long last;
  private volatile long size;

  private ChangeLog(Path folder, InstantSource clock, LogScan found) throws IOException {
    this.folder = folder;
    this.clock = clock;
    this.last = found.last();
    this.found = found;
    for (LogScan.Found segment : found.segments()) {
      segments.add(Segment.open(segment.path(), segment.size(), segment.last()));
      size += segment.size();
    }
  }

  /**
   * Opens the log, making its folder where it is missing. What does not follow whole and in order
   * on the records before it is cut off.
   *
   * @param applied number of the last record that was applied
   */
  public static ChangeLog open(Path folder, long applied, InstantSource clock) {
    try {
      PrivateFiles.createDirectories(folder);
      return new ChangeLog(folder, clock, LogScan.of(folder, applied));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open the change log", e);
    }
  }

  /** What became of promises before the log was opened, by their numbers. */
  public Map<Long, ReadResult> resultsBefore() {
    return found.results();
  }

  /** Promises of an earlier process that nothing became of yet, by their numbers. */
  public Map<Long, FileState> promisedBefore() {
    return found.promised();
  }

  /** Number of the last record; 0 before the first. */
  public long last() {
    return last;
  }

  /** Bytes on the disk. */
  public long size() {
    return size;
  }

  public void append(LogRecord record) {
    append(record, number -> {});
  }

  /**
   * @param numbered gets the number of the record before anybody can read it
   * @throws UncheckedIOException when it could not be written; the log is as it was
   */
  public void append(LogRecord record, LongConsumer numbered) {
    RecordFormat frame = RecordFormat.of(record);
    lock.lock();
    try {
      long number = last + 1;
      byte[] bytes = frame.seal(number, clock.millis());
      numbered.accept(number);
      segment(number).append(bytes, frame.length(), number, isSmall(record));
      size += frame.length();
      last = number;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the change log", e);
    } finally {
      lock.unlock();
    }
  }

  private static boolean isSmall(LogRecord record) {
    return !(record instanceof LogRecord.Written || record instanceof LogRecord.Promised);
  }

  private Segment segment(long number) throws IOException {
    Segment latest = segments.peekLast();
    if (latest == null || latest.size() >= SEGMENT) {
      latest = Segment.open(LogScan.segment(folder, number), 0, number - 1);
      segments.add(latest);
    }
    return latest;
  }

  public void sync() {
    lock.lock();
    try {
      for (Segment segment : segments) {
        segment.sync();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot sync the change log", e);
    } finally {
      lock.unlock();
    }
  }

  /** The file that holds a record that was written and not freed. */
  Path holding(long number) {
    lock.lock();
    try {
      Optional<Segment> found =
          segments.stream().filter(segment -> segment.last() >= number).findFirst();
      return found
          .orElseThrow(() -> new IllegalStateException("The log has no record " + number))
          .path();
    } finally {
      lock.unlock();
    }
  }

  /** Frees the files that hold nothing after this record. */
  public void free(long applied) {
    lock.lock();
    try {
      while (!segments.isEmpty() && isFree(segments.peekFirst(), applied)) {
        Segment freed = segments.removeFirst();
        size -= freed.size();
        freed.delete();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot shorten the change log", e);
    } finally {
      lock.unlock();
    }
  }

  private boolean isFree(Segment segment, long applied) {
    return segment.last() <= applied && (segments.size() > 1 || segment.size() >= WORTH_DELETING);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      for (Segment segment : segments) {
        segment.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close the change log", e);
    } finally {
      lock.unlock();
    }
  }
}
