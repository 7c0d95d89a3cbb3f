package dev.concert.chronicle.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.iteration.SkipReason;
import dev.concert.chronicle.iteration.SkipSummary;
import dev.concert.chronicle.journal.Journal;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.recording.changelog.FileState;
import dev.concert.chronicle.versioning.LargeFileRule;
import dev.concert.chronicle.versioning.VersioningPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions that are not kept, because nobody may wait for them or a rule says so. */
class SkippedVersionsTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final long INODE = 42;

  @TempDir Path home;
  private final RecordingWorkers others = new RecordingWorkers();
  private ContentStore store;

  /** There is none. */
  private static final class Nowhere implements DeferredFiles {
    @Override
    public Optional<LastingContent.Kept> find(String name, FileState file) {
      return Optional.empty();
    }

    @Override
    public void forget(String name) {}
  }

  @BeforeEach
  void open() {
    store = ContentStore.open(home.resolve("cas"));
  }

  @AfterEach
  void close() {
    others.close();
  }

  private static Journal journal(Path folder) {
    return Journal.open(folder.resolve("j.db"), InstantSource.system(), entered -> {});
  }

  private static FileState file(String path, int size, long inode) {
    return new FileState(path, Kind.FILE, 0644, false, new Signature(size, 5, inode));
  }

  /** Never comes to its end. */
  private record Endless() implements LastingContent, LastingContent.Kept {
    private static final long SIZE = 1L << 40;

    @Override
    public int read(byte[] into, long position) {
      LockSupport.parkNanos(1_000_000);
      return into.length;
    }

    @Override
    public FileStatus status() {
      return new FileStatus(0100644, 1, 0, 0, INODE, SIZE, SIZE, 5, 0);
    }

    @Override
    public Kept keep() {
      return this;
    }

    @Override
    public void close() {}
  }

  /** With little room, and no time to wait. */
  private LoggedRecorder impatient(Path folder, Journal into) {
    return impatient(folder, into, VersioningPolicy.ALL);
  }

  private LoggedRecorder impatient(Path folder, Journal into, VersioningPolicy policy) {
    return LoggedRecorder.open(
        folder,
        new Nowhere(),
        store,
        into,
        others,
        new RecordingLimits(1, 1000, 1000, Duration.ofMillis(200)),
        () -> policy);
  }

  private static FileState endless(String path) {
    return new FileState(path, Kind.FILE, 0644, false, new Signature(Endless.SIZE, 5, INODE));
  }

  @Test
  void whoChangesAFileThatTakesTooLongToReadGoesOnAndTheHistorySaysSo() {
    Path folder = home.resolve("slow");
    try (Journal slow = journal(folder);
        LoggedRecorder impatient = impatient(folder, slow)) {
      impatient.written(endless("a"), new Endless());
      long begin = System.nanoTime();
      impatient.changing(INODE);
      impatient.written(file("a", 1, INODE), Content.of(new byte[] {1}));

      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
      assertThat(impatient.drain(TIMEOUT)).isTrue();
      assertThat(slow.history().of("a")).hasSize(1);
      assertThat(slow.history().skipped("a"))
          .singleElement()
          .satisfies(
              skipped -> {
                assertThat(skipped.reason()).isEqualTo(SkipReason.CHANGED_AGAIN);
                assertThat(skipped.after()).isZero();
                assertThat(skipped.size()).isEqualTo(Endless.SIZE);
              });
    }
  }

  @Test
  void whatHasNoRoomAmongTheReadsIsSkippedAndReportedAgain() {
    Path folder = home.resolve("full");
    try (Journal full = journal(folder);
        LoggedRecorder impatient = impatient(folder, full)) {
      impatient.written(endless("a"), new Endless());
      impatient.prepare();
      FileState other =
          new FileState("b", Kind.FILE, 0644, false, new Signature(Endless.SIZE, 5, INODE + 1));
      assertThat(impatient.written(other, new Endless())).isPresent();
      impatient.changing(INODE);

      assertThat(impatient.drain(TIMEOUT)).isTrue();
      assertThat(full.history().skipped("b"))
          .extracting(SkipSummary::reason)
          .containsExactly(SkipReason.BUSY);
    }
  }

  @Test
  void whatHadNoRoomWasNotKeptSoThatNoRuleHoldsItBackTheNextTime() {
    Path folder = home.resolve("again");
    LargeFileRule seldom = new LargeFileRule("b", 1000, Optional.of(Duration.ofHours(1)));
    try (Journal full = journal(folder);
        LoggedRecorder impatient =
            impatient(folder, full, new VersioningPolicy(List.of(), List.of(seldom)))) {
      impatient.written(endless("a"), new Endless());
      LargeFile large = new LargeFile(INODE, new byte[150_000]);
      assertThat(impatient.written(file("b", 150_000, INODE + 1), large)).isPresent();
      impatient.changing(INODE);
      assertThat(impatient.drain(TIMEOUT)).isTrue();

      assertThat(impatient.written(file("b", 150_000, INODE + 1), large)).isEmpty();
      assertThat(impatient.written(file("b", 150_000, INODE + 1), large)).isPresent();
      assertThat(impatient.drain(TIMEOUT)).isTrue();
      assertThat(full.history().of("b")).hasSize(1);
    }
  }

  @Test
  void largeFilesHaveAsManyVersionsAsTheRuleForThemSays() {
    Path folder = home.resolve("rules");
    VersioningPolicy policy =
        new VersioningPolicy(
            List.of(),
            List.of(
                new LargeFileRule("*", 100_000, Optional.of(Duration.ofHours(1))),
                new LargeFileRule("*.img", 200_000, Optional.empty())));
    try (Journal ruled = journal(folder);
        LoggedRecorder limited =
            LoggedRecorder.open(
                folder, new Nowhere(), store, ruled, others, RecordingLimits.USUAL, () -> policy)) {
      for (int version = 1; version <= 3; version++) {
        byte[] bytes = new byte[150_000 + version];
        Optional<Duration> again =
            limited.written(file("log", bytes.length, INODE), new LargeFile(INODE, bytes));
        assertThat(again.isPresent()).isEqualTo(version > 1);
      }
      limited.written(
          file("d/vm.img", 250_000, INODE + 1), new LargeFile(INODE, new byte[250_000]));
      limited.written(file("vm.img", 150_000, INODE + 2), new LargeFile(INODE, new byte[150_000]));

      assertThat(limited.drain(TIMEOUT)).isTrue();
      assertThat(ruled.history().of("log")).hasSize(1);
      assertThat(ruled.history().of("vm.img")).hasSize(1);
      assertThat(ruled.history().of("d/vm.img")).isEmpty();
      assertThat(ruled.history().skipped("log"))
          .singleElement()
          .satisfies(
              skipped -> {
                assertThat(skipped.reason()).isEqualTo(SkipReason.TOO_OFTEN);
                assertThat(skipped.count()).isEqualTo(2);
                assertThat(skipped.after()).isEqualTo(1);
              });
      assertThat(ruled.history().skipped("d/vm.img"))
          .extracting(SkipSummary::reason)
          .containsExactly(SkipReason.TOO_LARGE);
    }
  }
}
