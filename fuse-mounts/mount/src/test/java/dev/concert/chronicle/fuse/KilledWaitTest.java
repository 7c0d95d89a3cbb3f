package dev.concert.chronicle.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.binding.FaultyFileSystem;
import dev.concert.chronicle.binding.Forgetful;
import dev.concert.chronicle.binding.MountedFileSystem;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.chronicle.tree.VersionedTree;
import dev.concert.testing.RequiresFuse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes whose request waits, for example until a large content is read. */
@RequiresFuse
class KilledWaitTest {
  @TempDir Path home;
  private final KernelBinding binding = new KernelBinding();
  private final CountDownLatch waiting = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private MountedFileSystem mount;
  private Path place;

  @BeforeEach
  void mount() throws IOException {
    place = Files.createDirectory(home.resolve("mount"));
    FaultyFileSystem files =
        new FaultyFileSystem(
            VersionedTree.open(
                Files.createDirectory(home.resolve("tree")),
                Files.createDirectory(home.resolve("orphans")),
                new Forgetful()));
    files.inject((operation, _) -> hold(operation));
    mount = binding.mount("test", place, files.asFileSystem());
  }

  private void hold(String operation) {
    if (operation.equals("write")) {
      waiting.countDown();
      try {
        released.await();
      } catch (InterruptedException killed) {
        throw new PosixException(Errno.EINTR, "wait");
      }
    }
  }

  @AfterEach
  void unmount() {
    released.countDown();
    mount.unmount();
    binding.close();
  }

  private Process start(String script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("sh", "-c", script).directory(place.toFile()).inheritIO().start();
    assertThat(waiting.await(3, TimeUnit.MINUTES)).isTrue();
    return process;
  }

  @Test
  void aProcessThatWaitsIsEndedByASignalAndTheMountServesOthers() throws Exception {
    Process process = start("exec python3 -c 'open(\"f\", \"w\").write(\"x\")'");

    process.destroy();

    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(Files.exists(place.resolve("f"))).isTrue();
  }

  @Test
  void aProcessThatHandlesASignalWaitsOnAndIsEndedByTheNextOne() throws Exception {
    Process process =
        start(
            """
            exec python3 -c '
            import signal
            signal.signal(signal.SIGUSR1, lambda *_: None)
            open("f", "w").write("x")'
            """);

    new ProcessBuilder("kill", "-USR1", Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
    process.destroyForcibly();

    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
  }
}
