package dev.concert.chronicle.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.binding.Forgetful;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.tree.CallingProcess;
import dev.concert.chronicle.tree.FileSystem;
import dev.concert.chronicle.tree.VersionedTree;
import dev.concert.testing.Await;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** When the disk is measured, and what is measured. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the tree is made of Linux system calls")
class WorkspaceUsageTest {
  private static final int SIZE = 1 << 20;
  private static final CallingProcess CALLER =
      new CallingProcess() {
        @Override
        public int user() {
          return -1;
        }

        @Override
        public int group() {
          return -1;
        }
      };

  @TempDir Path home;
  private final ScheduledExecutorService scans = Executors.newSingleThreadScheduledExecutor();
  private Path tree;
  private Path orphans;

  @BeforeEach
  void make() throws IOException {
    tree = Files.createDirectory(home.resolve("tree"));
    orphans = Files.createDirectory(home.resolve("orphans"));
  }

  @AfterEach
  void stop() {
    scans.shutdownNow();
  }

  private WorkspaceUsage open(Duration every) {
    return WorkspaceUsage.open(tree, home.resolve("metadata"), scans, every, DiskQuota.UNLIMITED);
  }

  private FileSystem files(WorkspaceUsage usage) {
    return usage.over(VersionedTree.open(tree, orphans, new Forgetful()));
  }

  @Test
  void theDiskIsMeasuredAgainAndAgainWhileAWorkspaceIsMounted() throws IOException {
    WorkspaceUsage usage = open(Duration.ofMillis(20));
    FileSystem files = files(usage);
    try {
      Await.until(() -> usage.usage().files() == 0);
      for (int round = 1; round <= 3; round++) {
        Files.write(tree.resolve("behind" + round), new byte[SIZE]);
        int there = round;
        Await.until(
            () -> usage.usage().files() == there && usage.usage().bytes() >= (long) there * SIZE);
      }
    } finally {
      files.close();
    }
  }

  @Test
  void aFileThatIsOpenAndHasNoNameCountsUntilItIsClosedAlsoWhenTheDiskIsMeasuredMeanwhile()
      throws Exception {
    CountDownLatch unlinked = new CountDownLatch(1);
    scans.execute(() -> awaitQuietly(unlinked));
    WorkspaceUsage usage = open(Duration.ofDays(1));
    FileSystem files = files(usage);
    try (Arena arena = Arena.ofConfined()) {
      long handle = files.create("a", OpenFlags.READ_WRITE, 0644, CALLER);
      files.write(handle, arena.allocate(SIZE), SIZE, 0);
      files.unlink("a");
      unlinked.countDown();
      scans.submit(() -> {}).get(1, TimeUnit.MINUTES);

      assertThat(usage.usage().bytes()).isGreaterThanOrEqualTo(SIZE);
      assertThat(usage.usage().files()).isEqualTo(1);
      files.release(handle);
      assertThat(usage.usage().bytes()).isZero();
      assertThat(usage.usage().files()).isZero();
    } finally {
      files.close();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
