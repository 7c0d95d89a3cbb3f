package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.concert.chronicle.binding.MountBinding;
import dev.concert.chronicle.binding.MountTable;
import dev.concert.chronicle.binding.MountedFileSystem;
import dev.concert.chronicle.content.ContentStore;
import dev.concert.chronicle.tree.FileSystem;
import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.chronicle.workspace.MountStrategy;
import dev.concert.chronicle.workspace.Workspaces;
import dev.concert.error.ConcertException;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresFuse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose disk is so slow that its workspaces do not close in time. */
@RequiresFuse
class SlowStopTest {
  private static final int SESSIONS = 60;
  private static final int CLOSING = 16;

  @TempDir Path home;
  private final CountDownLatch diskAnswers = new CountDownLatch(1);
  private final AtomicInteger closing = new AtomicInteger();

  /** Unmounts when the disk answers. */
  private final class SlowBinding implements MountBinding {
    private final MountBinding real;

    SlowBinding(MountBinding real) {
      this.real = real;
    }

    @Override
    public String name() {
      return real.name();
    }

    @Override
    public Optional<String> missing() {
      return real.missing();
    }

    @Override
    public MountedFileSystem mount(String id, Path mountPoint, FileSystem files) {
      MountedFileSystem mount = real.mount(id, mountPoint, files);
      return new MountedFileSystem() {
        @Override
        public void hide() {
          mount.hide();
        }

        @Override
        public void unmount() {
          closing.incrementAndGet();
          try {
            diskAnswers.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          mount.unmount();
        }
      };
    }

    @Override
    public void close() {
      real.close();
    }
  }

  @Test
  void everyMountIsGoneAlthoughManyWorkspacesAreStillBeingClosed() {
    ChronicleOptions options = TestBinding.options(home, TestBinding.chosen());
    Workspaces workspaces =
        Workspaces.open(
            options,
            ContentStore.open(options.contentStore()),
            new MountStrategy(options, new SlowBinding(TestBinding.open(options.binding()))),
            (id, iterations) -> {});
    List<String> ids = IntStream.range(0, SESSIONS).mapToObj(n -> "w" + n).toList();
    ids.forEach(workspaces::mount);
    assertThat(mounts()).hasSize(SESSIONS);
    try (ExecutorService closers = Executors.newCachedThreadPool()) {
      ids.stream().limit(CLOSING).forEach(id -> closers.execute(() -> workspaces.unmount(id)));
      Await.until("they are being closed", () -> closing.get() == CLOSING);
      assertTimeoutPreemptively(Duration.ofMinutes(1), workspaces::hide);
      assertThat(mounts()).isEmpty();
      assertThatThrownBy(() -> workspaces.mount("late"))
          .isInstanceOf(ConcertException.class)
          .hasMessageContaining("stopping");
      diskAnswers.countDown();
    }
    workspaces.close();
    assertThat(mounts()).isEmpty();
  }

  private List<Path> mounts() {
    return MountTable.below(home);
  }
}
