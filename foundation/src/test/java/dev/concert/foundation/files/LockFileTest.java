package dev.concert.foundation.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockFileTest {
  @TempDir Path folder;

  /** A process that locks the file, says so, and lives until it is killed. */
  static final class Holder {
    public static void main(String[] arguments) throws Exception {
      LockFile lock = LockFile.tryLock(Path.of(arguments[0])).orElseThrow();
      lock.write(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII));
      Files.createFile(Path.of(arguments[1]));
      new CountDownLatch(1).await(5, TimeUnit.MINUTES);
    }
  }

  @Test
  void oneHolderAtATimeWithinAProcess() throws Exception {
    Path file = folder.resolve("new/folder/lock");
    LockFile first = LockFile.tryLock(file).orElseThrow();
    assertThat(LockFile.tryLock(file)).isEmpty();
    first.close();
    first.close();
    try (LockFile second = LockFile.tryLock(file).orElseThrow()) {
      assertThat(second).isNotNull();
    }
  }

  @Test
  void aLivingProcessKeepsItAndADeadOneLosesIt() throws Exception {
    Path file = folder.resolve("lock");
    Path locked = folder.resolve("locked");
    Process holder = start(file, locked);
    try {
      Await.until(() -> Files.exists(locked));
      assertThat(LockFile.tryLock(file)).isEmpty();
    } finally {
      holder.destroyForcibly().waitFor(3, TimeUnit.MINUTES);
    }
    try (LockFile ours = LockFile.tryLock(file).orElseThrow()) {
      assertThat(new String(ours.content(64), StandardCharsets.US_ASCII))
          .isEqualTo(Long.toString(holder.pid()));
    }
  }

  @Test
  void theContentIsReplacedAsAWhole() throws Exception {
    try (LockFile lock = LockFile.tryLock(folder.resolve("lock")).orElseThrow()) {
      assertThat(lock.content(10)).isEmpty();
      lock.write("a longer content".getBytes(StandardCharsets.US_ASCII));
      lock.write("short".getBytes(StandardCharsets.US_ASCII));
      assertThat(lock.content(64)).asString().isEqualTo("short");
      assertThat(lock.content(2)).asString().isEqualTo("sh");
    }
  }

  @Test
  void afterTheCloseNothingIsWritten() throws Exception {
    Optional<LockFile> lock = LockFile.tryLock(folder.resolve("lock"));
    lock.orElseThrow().close();
    assertThatThrownBy(() -> lock.orElseThrow().write(new byte[1])).isInstanceOf(IOException.class);
  }

  @Test
  void aPlaceThatIsNoFolderIsAFailureAndNoHeldLock() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> LockFile.tryLock(file.resolve("lock")))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(UncheckedIOException.class);
  }

  private static Process start(Path file, Path locked) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            file.toString(),
            locked.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
