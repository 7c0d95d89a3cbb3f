package dev.concert.chronicle.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.verification.Verification;
import dev.concert.chronicle.verification.VerificationFinding;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.log.ExpectedLog;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk of its own, in memory, that gets full, read-only, or has no more inodes. */
@ExpectedLog(logger = "dev.concert.chronicle.recording.ApplierLoop", message = "cannot be entered")
@ExpectedLog(
    logger = "dev.concert.chronicle.tree.RescanQueue",
    message = "A change cannot be recorded")
@RequiresRoot("mounts a small disk")
class DiskTroubleTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  @TempDir Path home;
  private Path disk;
  private boolean mounted;

  private RecordedTree onDisk(String options) throws Exception {
    disk = Files.createDirectories(home.resolve("disk"));
    mounted = run("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk.toString());
    Assumptions.assumeTrue(mounted, "this user cannot mount a tmpfs");
    return new RecordedTree(disk);
  }

  private static boolean run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return process.waitFor(3, TimeUnit.MINUTES) && process.exitValue() == 0;
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", "-l", disk.toString())).isTrue();
    }
  }

  /** Random, so that nothing is saved by compressing. */
  private static byte[] content(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Writes files until one is refused; answers with the errno, or 0 when none was. */
  private static int fill(RecordedTree files, int size, int most) {
    for (int i = 0; i < most; i++) {
      int errno = tryToWrite(files, "f" + i, content(i, size));
      if (errno != 0) {
        return errno;
      }
    }
    return 0;
  }

  private static int tryToWrite(RecordedTree files, String path, byte[] bytes) {
    long handle = files.tree.create(path, OpenFlags.WRITE_ONLY, 0644, RecordedTree.ROOT);
    if (handle < 0) {
      return (int) -handle;
    }
    try (Arena arena = Arena.ofConfined()) {
      int written =
          files.tree.write(
              handle,
              arena.allocateFrom(java.lang.foreign.ValueLayout.JAVA_BYTE, bytes),
              bytes.length,
              0);
      if (written < bytes.length) {
        return written < 0 ? -written : Errno.ENOSPC;
      }
      Throwable refused = catchThrowable(() -> files.tree.flush(handle));
      return refused == null ? 0 : noSpace(refused);
    } finally {
      catchThrowable(() -> files.tree.release(handle));
    }
  }

  private static int noSpace(Throwable refused) {
    assertThat(refused).hasStackTraceContaining("No space left");
    return Errno.ENOSPC;
  }

  private static List<VerificationFinding> verify(RecordedTree files) {
    List<VerificationFinding> findings = new ArrayList<>();
    new Verification(files.store, findings::add).verify("w", files.journal);
    return findings;
  }

  @Test
  void onAFullDiskFilesCanBeRemovedAndThenEverythingGoesOn() throws Exception {
    try (RecordedTree files = onDisk("size=12m")) {
      assertThat(fill(files, 40_000, 1000)).isEqualTo(Errno.ENOSPC);
      // All of them: how much the store still needs depends on how far it got meanwhile.
      for (int i = 0; i < 1000; i++) {
        assertThat(files.tree.unlink("f" + i)).isIn(0, -Errno.ENOENT);
      }
      Await.until(() -> files.recorder.drain(TIMEOUT));
      assertThat(files.recorder.failure()).isEmpty();
      assertThat(files.tree.status("f0", Arena.ofAuto().allocate(256, 8))).isEqualTo(-Errno.ENOENT);
      List<Iteration> history = files.history("f0");
      assertThat(files.content(history.getFirst())).isEqualTo(content(0, 40_000));
      assertThat(verify(files)).isEmpty();
      files.write("after", "goes on");
      assertThat(files.texts("after")).containsExactly("goes on");
    }
  }

  @Test
  void withoutInodesWhatIsLoggedIsKeptAndEnteredWhenThereAreSome() throws Exception {
    try (RecordedTree files = onDisk("size=64m,nr_inodes=400")) {
      int errno = fill(files, 100, 1000);
      assertThat(errno).isEqualTo(Errno.ENOSPC);
      AtomicInteger seed = new AtomicInteger(5000);
      Await.until(
          () -> {
            files.write("f70", content(seed.incrementAndGet(), 100));
            return files.recorder.failure().isPresent();
          });
      assertThat(files.tree.unlink("f60")).isZero();
      assertThat(run("mount", "-o", "remount,nr_inodes=4000", disk.toString())).isTrue();
      Await.until(() -> files.recorder.drain(TIMEOUT));
      assertThat(files.content(files.history("f0").getFirst())).isEqualTo(content(0, 100));
      assertThat(files.content(files.history("f70").getLast())).isEqualTo(content(seed.get(), 100));
      assertThat(verify(files)).isEmpty();
    }
  }

  @Test
  void onAReadOnlyDiskAWorkspaceIsRefusedAndNothingIsChanged() throws Exception {
    try (RecordedTree files = onDisk("size=16m")) {
      files.write("a", "one");
    }
    assertThat(run("mount", "-o", "remount,ro", disk.toString())).isTrue();
    assertThat(catchThrowable(() -> new RecordedTree(disk))).isNotNull();
    assertThat(run("mount", "-o", "remount,rw", disk.toString())).isTrue();
    try (RecordedTree files = new RecordedTree(disk)) {
      assertThat(files.texts("a")).containsExactly("one");
      assertThat(verify(files)).isEmpty();
    }
  }

  @Test
  void whatCouldNotBeLoggedIsFoundLater() throws IOException {
    List<String> done = new ArrayList<>();
    Files.createDirectories(home.resolve("tree"));
    Files.createDirectories(home.resolve("orphans"));
    try (Broken recorder = new Broken()) {
      VersionedTree tree =
          VersionedTree.open(
              home.resolve("tree"),
              home.resolve("orphans"),
              recorder,
              () -> {
                if (recorder.isBroken) {
                  throw new IllegalStateException("not yet");
                }
                done.add("compared");
              });
      long handle = tree.create("f", OpenFlags.WRITE_ONLY, 0644, RecordedTree.ROOT);
      tree.release(handle);
      recorder.isBroken = true;
      assertThat(tree.unlink("f")).isZero();
      recorder.isBroken = false;
      Await.until(() -> done.contains("compared"));
      tree.close();
    }
  }
}
