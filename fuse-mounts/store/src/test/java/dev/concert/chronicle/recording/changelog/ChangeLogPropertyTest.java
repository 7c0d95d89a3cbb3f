package dev.concert.chronicle.recording.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/** What was logged is read again, and damage costs only what follows it. */
class ChangeLogPropertyTest {
  private static final Blob BLOB = new Blob("0123456789abcdef".repeat(4), 77);

  @Provide
  Arbitrary<List<LogRecord>> records() {
    Arbitrary<String> paths = Arbitraries.strings().ofMinLength(1).ofMaxLength(40);
    Arbitrary<FileState> files =
        Combinators.combine(
                paths,
                Arbitraries.of(Kind.values()),
                Arbitraries.integers().between(0, 07777),
                Arbitraries.of(true, false),
                Arbitraries.longs())
            .as(
                (path, kind, mode, shared, number) ->
                    new FileState(
                        wellFormed(path), kind, mode, shared, new Signature(number, ~number, 9)));
    return Arbitraries.<LogRecord>oneOf(
            Combinators.combine(files, Arbitraries.bytes().array(byte[].class).ofMaxSize(3000))
                .as(LogRecord.Written::new),
            files.map(file -> new LogRecord.Stored(file, BLOB)),
            files.map(LogRecord.Promised::new),
            Arbitraries.longs().map(number -> new LogRecord.Captured(number, BLOB)),
            files.map(file -> new LogRecord.ModeChanged(file.path(), file.mode(), file.shared())),
            paths.map(path -> new LogRecord.Removed(wellFormed(path))),
            Combinators.combine(paths, paths)
                .as((from, to) -> new LogRecord.Renamed(wellFormed(from), wellFormed(to))),
            Combinators.combine(paths, paths)
                .as((one, other) -> new LogRecord.Exchanged(wellFormed(one), wellFormed(other))))
        .list()
        .ofMaxSize(30);
  }

  /** A path never has half a surrogate pair: names that are no UTF-8 are refused. */
  private static String wellFormed(String path) {
    return new String(
        path.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  private interface Damage {
    void to(RandomAccessFile file, long place) throws IOException;
  }

  @Property(tries = 100)
  void a_log_that_ends_anywhere_has_its_whole_records(
      @ForAll("records") List<LogRecord> records,
      @ForAll @DoubleRange(min = 0, max = 1) double place)
      throws IOException {
    damaged(records, place, RandomAccessFile::setLength);
  }

  @Property(tries = 100)
  void a_bit_that_is_flipped_costs_only_what_follows(
      @ForAll("records") List<LogRecord> records,
      @ForAll @DoubleRange(min = 0, max = 0.99) double place)
      throws IOException {
    damaged(
        records,
        place,
        (file, at) -> {
          file.seek(at);
          int value = file.read();
          file.seek(at);
          file.write(value ^ 4);
        });
  }

  private void damaged(List<LogRecord> records, double place, Damage damage) throws IOException {
    Path folder = Files.createTempDirectory("log");
    try {
      List<Long> ends = new ArrayList<>();
      try (ChangeLog log = ChangeLog.open(folder, 0, InstantSource.system())) {
        for (LogRecord record : records) {
          log.append(record);
          ends.add(log.size());
        }
      }
      if (records.isEmpty()) {
        return;
      }
      long at = (long) (ends.getLast() * place);
      try (RandomAccessFile file = new RandomAccessFile(only(folder).toFile(), "rw")) {
        damage.to(file, at);
      }
      int whole = (int) ends.stream().filter(end -> end <= at).count();
      LogRecord.Removed more = new LogRecord.Removed("more");
      try (ChangeLog again = ChangeLog.open(folder, 0, InstantSource.system())) {
        assertThat(again.last()).isEqualTo(whole);
        again.append(more);
      }
      List<LogRecord> expected = new ArrayList<>(records.subList(0, whole));
      expected.add(more);
      assertThat(read(folder)).usingRecursiveComparison().isEqualTo(expected);
    } finally {
      Files.deleteIfExists(only(folder));
      Files.delete(folder);
    }
  }

  private static Path only(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.findFirst().orElse(folder.resolve("none"));
    }
  }

  private static List<LogRecord> read(Path folder) throws IOException {
    List<LogRecord> found = new ArrayList<>();
    try (SegmentReader reader = new SegmentReader(only(folder))) {
      Optional<LogRecord.Numbered> next = reader.next();
      while (next.isPresent()) {
        found.add(next.get().what());
        next = reader.next();
      }
    }
    return found;
  }
}
