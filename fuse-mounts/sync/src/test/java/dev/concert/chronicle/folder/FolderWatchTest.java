package dev.concert.chronicle.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderWatchTest {
  private static final int READERS = 20;

  @TempDir Path folder;

  @Test
  void readersThatAskWhileTheFolderIsScannedShareTheNextScan() throws InterruptedException {
    Semaphore permits = new Semaphore(0);
    AtomicInteger begun = new AtomicInteger();
    FolderWatch watch =
        FolderWatch.start(
            "test",
            folder,
            () -> {
              begun.incrementAndGet();
              permits.acquireUninterruptibly();
            });
    List<Thread> readers = new ArrayList<>();
    readers.add(Thread.ofPlatform().start(watch::look));
    Await.until(() -> begun.get() == 1);
    for (int i = 0; i < READERS; i++) {
      readers.add(Thread.ofPlatform().start(watch::look));
    }
    Await.until(() -> readers.stream().allMatch(FolderWatchTest::waits));

    permits.release(1000);
    for (Thread reader : readers) {
      reader.join();
    }

    // The first, one for all others, and those by which the watch itself looks.
    assertThat(begun.get()).isGreaterThan(1).isLessThan(READERS / 2);
    watch.close();
  }

  private static boolean waits(Thread reader) {
    return reader.getState() == Thread.State.BLOCKED || reader.getState() == Thread.State.WAITING;
  }
}
