package dev.concert.chronicle.jnr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.concert.chronicle.binding.FaultyFileSystem;
import dev.concert.chronicle.binding.Forgetful;
import dev.concert.chronicle.binding.MountTable;
import dev.concert.chronicle.binding.MountedFileSystem;
import dev.concert.chronicle.tree.FileSystem;
import dev.concert.chronicle.tree.VersionedTree;
import dev.concert.error.ConcertException;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import dev.concert.testing.log.ExpectedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mounts by libfuse 2: how they begin and end, and what is special about them. */
@ExpectedLog(logger = "dev.concert.chronicle.binding.ServedMount", message = "A process still uses")
@RequiresFuse
@Timeout(60)
class JnrFuseMountTest {
  @TempDir Path home;
  private final JnrFuseBinding binding = new JnrFuseBinding();
  private final List<MountedFileSystem> mounts = new ArrayList<>();

  /** A mount and what makes its files slow. */
  private record Mounted(Path tree, Shell shell, FaultyFileSystem faulty) {}

  @BeforeEach
  void need() {
    Optional<String> missing = binding.missing();
    assumeTrue(missing.isEmpty(), () -> "jnr-fuse cannot mount here: " + missing.get());
  }

  @AfterEach
  void unmount() {
    mounts.forEach(MountedFileSystem::unmount);
    assertThat(MountTable.below(home)).isEmpty();
    Await.until(() -> threads().isEmpty());
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("chronicle-jnr-"))
        .toList();
  }

  private Mounted mount(String name) throws IOException {
    Path tree = Files.createDirectories(home.resolve(name + "/tree"));
    Path orphans = Files.createDirectory(home.resolve(name + "/orphans"));
    Path place = Files.createDirectory(home.resolve(name + "/mount"));
    FaultyFileSystem faulty =
        new FaultyFileSystem(VersionedTree.open(tree, orphans, new Forgetful()));
    mounts.add(binding.mount(name, place, faulty.asFileSystem()));
    return new Mounted(tree, new Shell(place), faulty);
  }

  @Test
  void a_missing_library_is_named_with_the_package_to_install() {
    assertThat(JnrFuseBinding.missing("libfuse.so.99"))
        .hasValueSatisfying(why -> assertThat(why).contains("libfuse.so.99", "apt-get install"));
  }

  @Test
  void a_place_that_does_not_exist_is_refused_and_leaves_no_thread() throws IOException {
    FileSystem files =
        VersionedTree.open(
            Files.createDirectory(home.resolve("tree")),
            Files.createDirectory(home.resolve("orphans")),
            new Forgetful());

    assertThatThrownBy(() -> binding.mount("w", home.resolve("none"), files))
        .isInstanceOf(ConcertException.class)
        .hasMessageContaining("cannot be mounted by jnr-fuse");

    files.close();
  }

  @Test
  void a_slow_request_holds_up_its_mount_but_no_other() throws IOException {
    Mounted slow = mount("slow");
    Mounted quick = mount("quick");
    CountDownLatch hold = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    slow.faulty()
        .inject(
            (operation, arguments) -> {
              if (operation.equals("sync")) {
                held.countDown();
                await(hold);
              }
            });
    Thread first = Thread.ofVirtual().start(() -> slow.shell().run("echo x > f; sync f"));
    await(held);
    Thread second = Thread.ofVirtual().start(() -> slow.shell().run("ls new || true"));

    quick.shell().run("for i in $(seq 50); do echo $i > f$i; cat f$i > /dev/null; done");

    assertThat(first.isAlive()).isTrue();
    assertThat(second.isAlive()).isTrue();
    hold.countDown();
    join(first);
    join(second);
  }

  @Test
  void a_file_that_is_unlinked_while_open_has_no_other_name_and_its_folder_can_go()
      throws IOException {
    Mounted mounted = mount("w");

    String said =
        mounted
            .shell()
            .run(
                """
                mkdir d; exec 7<>d/f; echo content >&7; rm d/f
                echo "in the folder: $(ls -A d)"
                stat -L -c '%s bytes, %h names' /proc/self/fd/7
                exec 8</proc/self/fd/7; chmod 640 /proc/self/fd/7; stat -L -c %a /proc/self/fd/7
                cat <&8; rmdir d; echo more >&7; ls -A
                stat -L /proc/self/fd/7 2>&1 | sed 's/.*: //'
                """);

    assertThat(said)
        .isEqualTo("in the folder: \n8 bytes, 0 names\n640\ncontent\nNo such file or directory");
    try (var left = Files.walk(home.resolve("w"))) {
      assertThat(left.filter(file -> file.toString().contains("fuse_hidden"))).isEmpty();
    }
  }

  @Test
  void a_file_that_is_replaced_while_open_keeps_its_content_for_who_has_it_open()
      throws IOException {
    Mounted mounted = mount("w");

    assertThat(
            mounted
                .shell()
                .run("echo old > f; exec 7<f; echo new > g; mv g f; cat f; cat <&7; ls -A"))
        .isEqualTo("new\nold\nf");
  }

  @Test
  void many_files_are_listed_in_pieces_each_once() throws IOException {
    Mounted mounted = mount("w");

    assertThat(mounted.shell().run("touch f{1..3000}; ls -A | sort -u | wc -l; find . | wc -l"))
        .isEqualTo("3000\n3001");
  }

  @Test
  void who_still_uses_an_unmounted_workspace_gets_errors_and_the_server_does_not_wait()
      throws Exception {
    Mounted mounted = mount("w");
    Process inside =
        new ProcessBuilder("bash", "-c", "exec 7> open; echo in; read; echo late >&7")
            .directory(home.resolve("w/mount").toFile())
            .start();
    assertThat(inside.inputReader().readLine()).isEqualTo("in");

    mounts.removeLast().unmount();

    assertThat(MountTable.below(home)).isEmpty();
    inside.getOutputStream().close();
    assertThat(inside.waitFor()).isNotZero();
    assertThat(Files.readString(mounted.tree().resolve("open"))).isEmpty();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
