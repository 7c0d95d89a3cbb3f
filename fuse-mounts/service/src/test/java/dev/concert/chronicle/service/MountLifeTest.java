package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import dev.concert.testing.log.ExpectedLog;
import dev.concert.workspace.WorkspaceMessages.FileChange;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Mounts come, go, and get lost, by either binding. */
@RequiresFuse
@ParameterizedClass(name = "{0}")
@EnumSource(names = {"KERNEL", "JNR_FUSE"})
@ExpectedLog(
    logger = "dev.concert.chronicle.binding.StaleMounts",
    message = "a mount that its process left behind",
    required = false)
@ExpectedLog(
    logger = "dev.concert.chronicle.binding.ServedMount",
    message = "A process still uses",
    required = false)
class MountLifeTest {
  @Parameter ChronicleOptions.Binding binding;
  @TempDir Path home;

  @BeforeEach
  void need() {
    TestBinding.open(binding);
  }

  /** The threads that serve mounts. */
  private static List<String> serving() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("chronicle-fuse-") || name.startsWith("chronicle-jnr-"))
        .toList();
  }

  private static boolean isMounted(Path place) throws IOException {
    return Files.readString(Path.of("/proc/self/mountinfo")).contains(" " + place + " ");
  }

  @Test
  void stopping_unmounts_everything() throws IOException {
    Path one;
    Path two;
    try (Chronicle chronicle = Chronicle.fuse(home, binding)) {
      one = chronicle.mount("one");
      two = chronicle.mount("two");
      assertThat(isMounted(one) && isMounted(two)).isTrue();
    }
    assertThat(isMounted(one) || isMounted(two)).isFalse();
    Await.until(() -> serving().isEmpty());
  }

  @Test
  void files_are_there_again_after_mounting_again() {
    try (Chronicle chronicle = Chronicle.fuse(home, binding)) {
      for (int round = 1; round <= 10; round++) {
        Shell shell = new Shell(chronicle.mount("w"));
        shell.run("echo x >> f; test $(wc -l < f) = " + round);
        chronicle.unmount("w");
      }
      assertThat(chronicle.history("w", "f")).hasSize(10);
    }
  }

  @Test
  void unmounting_does_not_wait_for_a_process_that_stands_inside() throws Exception {
    try (Chronicle chronicle = Chronicle.fuse(home, binding)) {
      Path place = chronicle.mount("w");
      Process inside =
          new ProcessBuilder("bash", "-c", "exec 7> open; echo in; read; echo late >&7; ls")
              .directory(place.toFile())
              .start();
      try (BufferedReader output = inside.inputReader()) {
        assertThat(output.readLine()).isEqualTo("in");
        chronicle.unmount("w");
        assertThat(isMounted(place)).isFalse();
        new Shell(chronicle.mount("w")).run("echo new > f");
        inside.getOutputStream().close();
        assertThat(inside.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(inside.exitValue()).isNotZero();
        assertThat(chronicle.read("w", "f").content()).isEqualTo("new\n");
      } finally {
        inside.destroyForcibly();
      }
    }
  }

  @Test
  void what_was_closed_before_a_kill_is_whole_and_the_lost_mount_is_cleared() throws Exception {
    Path place = home.resolve("instances/w/chronicle/mount");
    List<String> closed = new ArrayList<>();
    Process killed = KilledChronicle.start(home, binding);
    try {
      assertThat(killed.inputReader().readLine()).isEqualTo("mounted");
      Process writer =
          new ProcessBuilder(
                  "bash",
                  "-c",
                  "for i in $(seq 100000); do seq $i $((i*3)) > f$i || exit; echo $i; done")
              .directory(place.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (BufferedReader output = writer.inputReader()) {
        for (int i = 0; i < 300; i++) {
          closed.add(output.readLine());
        }
        killed.destroyForcibly().waitFor();
        output.lines().forEach(closed::add);
      }
      assertThat(writer.waitFor(3, TimeUnit.MINUTES)).isTrue();
    } finally {
      killed.destroyForcibly();
    }
    assertThat(isMounted(place)).isTrue();

    try (Chronicle chronicle = Chronicle.fuse(home, binding)) {
      assertThat(isMounted(place)).isFalse();
      for (String name : closed) {
        assertThat(chronicle.history("w", "f" + name)).hasSize(1);
        String expected = new Shell(home).run("seq " + name + " $((" + name + "*3))") + "\n";
        assertThat(chronicle.at("w", "f" + name, 1).content()).isEqualTo(expected);
      }
      chronicle.mount("w");
      List<FileChange> changes = chronicle.changes("w", 0).changes();
      assertThat(changes.stream().mapToLong(FileChange::sequence))
          .containsExactlyElementsOf(LongStream.rangeClosed(1, changes.size()).boxed().toList());
      for (FileChange change : changes) {
        assertThat(chronicle.at("w", change.path(), change.iteration()).hash())
            .isEqualTo(change.hash());
      }
    }
  }

  @Test
  void a_workspace_that_another_process_serves_is_left_to_it() throws Exception {
    Process other = KilledChronicle.start(home, binding);
    try (Chronicle chronicle = Chronicle.fuse(home, binding)) {
      assertThat(other.inputReader().readLine()).isEqualTo("mounted");
      assertThatThrownBy(() -> chronicle.mount("w")).hasMessageContaining("Another process");
      new Shell(home.resolve("instances/w/chronicle/mount")).run("echo works > f; cat f");
    } finally {
      other.getOutputStream().close();
      assertThat(other.waitFor(3, TimeUnit.MINUTES)).isTrue();
    }
  }

  @Test
  void what_changed_on_the_disk_unseen_becomes_iterations_at_the_next_mount() throws IOException {
    try (Chronicle chronicle = Chronicle.fuse(home, binding)) {
      new Shell(chronicle.mount("w")).run("echo 1 > changed; echo 1 > gone; echo 1 > kept");
      chronicle.unmount("w");
      Path tree = home.resolve("instances/w/chronicle/tree");
      Files.writeString(tree.resolve("changed"), "22\n");
      Files.writeString(tree.resolve("new"), "n");
      Files.delete(tree.resolve("gone"));
      Files.writeString(Files.createDirectories(home.resolve("cas/tmp")).resolve("1-2-3"), "half");

      chronicle.mount("w");

      assertThat(chronicle.history("w", "changed")).hasSize(2);
      assertThat(chronicle.history("w", "new")).hasSize(1);
      assertThat(chronicle.history("w", "gone").getLast().deleted()).isTrue();
      assertThat(chronicle.history("w", "kept")).hasSize(1);
    }
    Chronicle.fuse(home, binding).close();
    assertThat(home.resolve("cas/tmp/1-2-3")).doesNotExist();
  }
}
