package dev.concert.chronicle.recording.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.log.ExpectedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@ExpectedLog(logger = "dev.concert.chronicle.recording.changelog.LogScan", message = "is given up")
class ChangeLogTest {
  @TempDir Path folder;

  private ChangeLog open(long applied) {
    return ChangeLog.open(folder, applied, InstantSource.system());
  }

  private static LogRecord large(int number) {
    byte[] content = new byte[60_000];
    return new LogRecord.Written(
        new FileState(
            "f" + number,
            dev.concert.chronicle.iteration.Kind.FILE,
            0644,
            false,
            new dev.concert.chronicle.iteration.Signature(content.length, 1, 2)),
        content);
  }

  private long files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.count();
    }
  }

  @Test
  void files_that_are_applied_are_deleted_and_the_others_stay() throws IOException {
    try (ChangeLog log = open(0)) {
      for (int i = 0; i < 200; i++) {
        log.append(large(i));
      }
      assertThat(files()).isEqualTo(3);
      log.free(100);
      assertThat(files()).isEqualTo(2);
      assertThat(log.size()).isBetween(100L * 60_000, 131L * 60_000);
      log.free(200);
      assertThat(files()).isZero();
      assertThat(log.size()).isZero();
      log.append(large(201));
      assertThat(log.last()).isEqualTo(201);
    }
    try (ChangeLog again = open(200)) {
      assertThat(again.last()).isEqualTo(201);
    }
  }

  @Test
  void numbers_go_on_where_everything_was_applied_or_the_journal_is_ahead() throws IOException {
    try (ChangeLog log = open(0)) {
      log.append(new LogRecord.Removed("a"));
    }
    try (ChangeLog again = open(7)) {
      assertThat(files()).isZero();
      again.append(new LogRecord.Removed("b"));
      assertThat(again.last()).isEqualTo(8);
    }
    try (ChangeLog again = open(7)) {
      assertThat(again.last()).isEqualTo(8);
    }
  }

  @Test
  void what_follows_on_a_damaged_file_is_given_up() throws IOException {
    try (ChangeLog log = open(0)) {
      for (int i = 0; i < 100; i++) {
        log.append(large(i));
      }
    }
    Path first;
    try (Stream<Path> all = Files.list(folder)) {
      first = all.sorted().findFirst().orElseThrow();
    }
    try (var file = new java.io.RandomAccessFile(first.toFile(), "rw")) {
      file.setLength(60_500);
    }
    try (ChangeLog again = open(0)) {
      assertThat(again.last()).isEqualTo(1);
      assertThat(files()).isEqualTo(1);
    }
  }
}
