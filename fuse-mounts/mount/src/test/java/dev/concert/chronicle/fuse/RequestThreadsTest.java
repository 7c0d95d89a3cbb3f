package dev.concert.chronicle.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.binding.FaultyFileSystem;
import dev.concert.chronicle.binding.Forgetful;
import dev.concert.chronicle.binding.MountedFileSystem;
import dev.concert.chronicle.tree.VersionedTree;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many mounts on few threads. */
@Timeout(120)
@RequiresFuse
class RequestThreadsTest {
  @TempDir Path home;
  private final RequestThreads threads = RequestThreads.start();
  private final List<MountedFileSystem> mounts = new ArrayList<>();

  /** A mount and what makes its files slow. */
  private record Mounted(Shell shell, FaultyFileSystem faulty) {}

  private Mounted mount(String name) {
    try {
      Path tree = Files.createDirectories(home.resolve(name + "/tree"));
      Path orphans = Files.createDirectory(home.resolve(name + "/orphans"));
      Path place = Files.createDirectory(home.resolve(name + "/mount"));
      FaultyFileSystem faulty =
          new FaultyFileSystem(VersionedTree.open(tree, orphans, new Forgetful()));
      mounts.add(KernelMount.mount(threads, name, place, faulty.asFileSystem()));
      return new Mounted(new Shell(place), faulty);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void unmount() {
    mounts.forEach(MountedFileSystem::unmount);
    threads.close();
    Await.until(() -> threads.count() == 0);
  }

  @Test
  void manyMountsNeedFewThreads() {
    List<Mounted> many = IntStream.range(0, 40).mapToObj(i -> mount("m" + i)).toList();

    many.forEach(one -> one.shell().run("echo content > file; mkdir folder; cat file"));

    assertThat(threads.count()).isLessThanOrEqualTo(6);
  }

  @Test
  void aMountWithMoreSlowRequestsThanItMayHaveThreadsHoldsUpNoOtherAndAnswersAllOfThem()
      throws InterruptedException {
    Mounted slow = mount("slow");
    Mounted other = mount("other");
    slow.shell().run("for i in $(seq 50); do echo $i > file$i; done");
    CountDownLatch disk = new CountDownLatch(1);
    Semaphore waiting = new Semaphore(0);
    slow.faulty()
        .inject(
            (operation, arguments) -> {
              if (operation.equals("open")) {
                waiting.release();
                await(disk);
              }
            });

    Thread readers =
        Thread.ofVirtual()
            .start(() -> slow.shell().run("for i in $(seq 50); do cat file$i & done; wait"));
    waiting.acquire(30);
    other.shell().run("for i in $(seq 50); do echo $i > file$i; cat file$i; done");
    assertThat(readers.isAlive()).isTrue();

    disk.countDown();
    readers.join();
  }

  @Test
  void aMountThatIsLeftWhenTheThreadsEndGetsAnErrorAndNobodyHangs() {
    Mounted left = mount("left");
    left.shell().run("echo content > file");

    threads.close();

    assertThatThrownBy(() -> left.shell().run("cat file other")).hasMessageContaining("cat");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
