package dev.concert.chronicle.recording.changelog;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.iteration.SkipReason;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process before this one left in the folder of a log.
 *
 * @param segments files that hold records, oldest first
 * @param last number of the last record, also where it was freed already
 * @param results what became of promises, by the number of the promise
 * @param promised files whose promise was not applied and that nothing became of yet
 */
record LogScan(
    List<Found> segments, long last, Map<Long, ReadResult> results, Map<Long, FileState> promised) {
  private static final Logger LOG = LoggerFactory.getLogger(LogScan.class);
  private static final String PREFIX = "changes-";
  private static final String SUFFIX = ".log";

  /**
   * @param size bytes of its whole records
   */
  record Found(Path path, long size, long last) {}

  /** Name of the file that begins with a record; their order by name is that of their records. */
  static Path segment(Path folder, long number) {
    return folder.resolve("%s%016x%s".formatted(PREFIX, number, SUFFIX));
  }

  /** Reads the files; those that hold nothing after {@code applied} are deleted. */
  static LogScan of(Path folder, long applied) throws IOException {
    Reading reading = new Reading(applied);
    for (Path path : files(folder)) {
      reading.add(path);
    }
    if (reading.last <= applied) {
      for (Found file : reading.found) {
        Files.delete(file.path());
      }
      return new LogScan(List.of(), applied, Map.of(), Map.of());
    }
    return new LogScan(reading.found, reading.last, reading.results, reading.promised);
  }

  private static final class Reading {
    private final List<Found> found = new ArrayList<>();
    private final Map<Long, ReadResult> results = new HashMap<>();
    private final Map<Long, FileState> promised = new TreeMap<>();
    private final long applied;
    private long last;
    private boolean torn;

    Reading(long applied) {
      this.applied = applied;
    }

    /** A file behind one that ends too early is deleted: nothing follows on a hole. */
    private void add(Path path) throws IOException {
      if (torn) {
        LOG.error("{} follows on a damaged file of the change log and is given up", path);
        Files.delete(path);
        return;
      }
      long size = 0;
      try (SegmentReader reader = new SegmentReader(path)) {
        Optional<LogRecord.Numbered> next = reader.next();
        while (next.isPresent() && (last == 0 || next.get().number() == last + 1)) {
          last = next.get().number();
          size = reader.position();
          note(next.get());
          next = reader.next();
        }
      }
      torn = size < Files.size(path);
      found.add(new Found(path, size, last));
    }

    private void note(LogRecord.Numbered record) {
      switch (record.what()) {
        case LogRecord.Promised(FileState file) when record.number() > applied ->
            promised.put(record.number(), file);
        case LogRecord.Captured(long promise, Blob blob) ->
            ended(promise, new ReadResult.Stored(blob));
        case LogRecord.GivenUp(long promise, SkipReason reason) ->
            ended(promise, new ReadResult.Skipped(reason));
        default -> {
          // Nothing that is remembered beside the log.
        }
      }
    }

    private void ended(long promise, ReadResult result) {
      results.put(promise, result);
      promised.remove(promise);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
      all.forEach(files::add);
    }
    files.sort(Comparator.comparing(path -> path.getFileName().toString()));
    return files;
  }
}
