package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.concert.bus.Addresses;
import dev.concert.chronicle.journal.IterationPruner;
import dev.concert.chronicle.retention.RetentionCandidate;
import dev.concert.chronicle.retention.RetentionPolicy;
import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import dev.concert.workspace.SnapshotMessages.CreateSnapshot;
import dev.concert.workspace.SnapshotMessages.DeleteSnapshot;
import dev.concert.workspace.SnapshotMessages.ListSnapshots;
import dev.concert.workspace.SnapshotMessages.RestoreWorkspace;
import dev.concert.workspace.SnapshotMessages.Snapshot;
import dev.concert.workspace.SnapshotMessages.WorkspaceRestored;
import dev.concert.workspace.WorkspaceMessages.FileChange;
import dev.concert.workspace.WorkspaceMessages.FileIteration;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole workspaces at moments of their past. */
@RequiresFuse
class SnapshotTest {
  /** What a tree looks like: types, modes and contents of all that is not a folder. */
  private static final String LOOK =
      "find . -mindepth 1 ! -type d -printf '%P %y %m %l ' -exec sh -c"
          + " 'test -h \"$1\" || md5sum < \"$1\"; echo' - {} \\; | sort";

  @TempDir Path home;
  private Chronicle chronicle;
  private Shell shell;

  @BeforeEach
  void mount() {
    chronicle = Chronicle.fuse(home);
    shell = new Shell(chronicle.mount("w"));
  }

  @AfterEach
  void unmount() {
    chronicle.close();
  }

  private Snapshot create(String name) {
    return chronicle.ask(Addresses.CREATE_SNAPSHOT, new CreateSnapshot("w", name));
  }

  private List<Snapshot> list() {
    return chronicle.ask(Addresses.LIST_SNAPSHOTS, new ListSnapshots("w")).snapshots();
  }

  private WorkspaceRestored restore(String moment) {
    return chronicle.ask(Addresses.RESTORE_WORKSPACE, new RestoreWorkspace("w", moment));
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatExceptionOfType(ConcertException.class)
        .isThrownBy(call)
        .satisfies(refused -> assertThat(refused.code()).isEqualTo(code));
  }

  private String makeAndSnapshot() {
    shell.run(
        """
        mkdir -p a/b; echo 1 > a/b/one; echo 2 > two; chmod 751 two; ln -s two link; seq 300000 > big
        echo x > turned; echo y > moved
        """);
    create("before");
    return shell.run(LOOK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"live staged", "folder other", "folder live", "link live", "live folder/in"})
  void aSwapOfTwoNamesIsInASnapshotThatIsTakenRightAfterIt(String names) {
    assumeThat(TestBinding.chosen()).isEqualTo(ChronicleOptions.Binding.KERNEL);
    shell.run(
        """
        echo OLD > live; echo NEW > staged; ln -s staged link
        mkdir folder other; echo in > folder/in; echo out > other/in; echo more > other/more
        """);
    create("before");
    String before = shell.run(LOOK);

    shell.run(
        """
        python3 -c '
        import ctypes, sys
        libc = ctypes.CDLL(None)
        sys.exit(libc.renameat2(-100, sys.argv[1].encode(), -100, sys.argv[2].encode(), 2))' %s
        """
            .formatted(names));
    create("after");
    String after = shell.run(LOOK);
    shell.run("rm -r live staged folder other link");

    restore("after");
    assertThat(shell.run(LOOK)).isEqualTo(after).isNotEqualTo(before);
    restore("before");
    assertThat(shell.run(LOOK)).isEqualTo(before);
  }

  @Test
  void bothNamesOfASwapGoOnWithTheContentOfTheOther() {
    assumeThat(TestBinding.chosen()).isEqualTo(ChronicleOptions.Binding.KERNEL);
    shell.run(
        """
        echo OLD > live; echo NEW > staged
        python3 -c '
        import ctypes
        ctypes.CDLL(None).renameat2(-100, b"live", -100, b"staged", 2)'
        echo EDIT > live
        """);

    assertThat(texts("live")).containsExactly("OLD\n", "NEW\n", "EDIT\n");
    assertThat(texts("staged")).containsExactly("NEW\n", "OLD\n");
  }

  private List<String> texts(String path) {
    return chronicle.history("w", path).stream()
        .map(one -> chronicle.at("w", path, one.iteration()).content())
        .toList();
  }

  @Test
  void aSymlinkWhoseTargetIsNotTextIsRestored() {
    assumeThat(TestBinding.chosen()).isEqualTo(ChronicleOptions.Binding.KERNEL);
    shell.run("python3 -c 'import os; os.symlink(b\"to-\\xff/\\xc3\", \"l\")'");
    create("before");
    shell.run("rm l");

    restore("before");

    assertThat(shell.run("python3 -c 'import os; print(os.readlink(b\"l\"))'"))
        .isEqualTo("b'to-\\xff/\\xc3'");
  }

  private void changeEverything() {
    shell.run(
        """
        rm -r a; echo a-file > a; echo changed > two; chmod 644 two; ln -sf a link; echo 3 >> big
        rm turned; mkdir -p turned/into/folder; echo new > turned/into/folder/f
        mkdir d; mv moved d/moved; echo since > since; chmod +x since
        """);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRestoredWorkspaceIsWhatItWasAndNothingOfItsHistoryIsLost(boolean mounted)
      throws IOException {
    String was = makeAndSnapshot();
    changeEverything();
    String changed = shell.run(LOOK);
    Shell inside = shell;
    if (!mounted) {
      chronicle.unmount("w");
      inside = new Shell(home.resolve("instances/w/chronicle/tree"));
    }
    long before = chronicle.changes("w", 0).latest();

    WorkspaceRestored restored = restore("before");

    assertThat(inside.run(LOOK)).isEqualTo(was);
    assertThat(restored.before()).isEqualTo(before);
    assertThat(restored.written()).isEqualTo(6);
    assertThat(restored.deleted()).isEqualTo(4);
    assertThat(chronicle.changes("w", before).changes())
        .filteredOn(change -> change.change().equals("deleted"))
        .extracting(FileChange::path)
        .contains("a", "d/moved", "since", "turned/into/folder/f");
    assertThat(chronicle.history("w", "since").getLast().deleted()).isTrue();
    assertThat(chronicle.at("w", "since", 1).content()).isEqualTo("since\n");
    assertThat(chronicle.history("w", "two"))
        .extracting(FileIteration::iteration)
        .startsWith(1L, 2L, 3L)
        .doesNotHaveDuplicates();

    restore("#" + restored.before());
    assertThat(inside.run(LOOK)).isEqualTo(changed);
    assertThat(restore("#" + chronicle.changes("w", 0).latest()).written()).isZero();
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(home.resolve("instances/w/chronicle/orphans"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aWorkspaceGoesBackToATime() {
    shell.run("echo 1 > f");
    long then = chronicle.history("w", "f").getLast().timestamp();
    Await.until(() -> System.currentTimeMillis() > then + 1);
    shell.run("echo 2 > f; echo g > g");

    restore("@" + Instant.ofEpochMilli(then));

    assertThat(shell.run("cat f; ls")).isEqualTo("1\nf");
    refused(ErrorCode.ITERATION_NOT_FOUND, () -> restore("@2001-01-01"));
    refused(ErrorCode.ITERATION_NOT_FOUND, () -> restore("#999"));
    refused(ErrorCode.INVALID_MESSAGE, () -> restore("@yesterday"));
    refused(ErrorCode.INVALID_MESSAGE, () -> restore(""));
    refused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> restore("none"));
    assertThat(shell.run("cat f; ls")).isEqualTo("1\nf");
  }

  @Test
  void snapshotsAreListedAndDeletedAndANameIsTakenOnce() {
    shell.run("echo 1 > f");
    Snapshot first = create("v1.0");
    shell.run("echo 2 > f");
    create("v2.0");

    assertThat(first.sequence()).isEqualTo(1);
    assertThat(list()).extracting(Snapshot::name).containsExactly("v1.0", "v2.0");
    refused(ErrorCode.SNAPSHOT_EXISTS, () -> create("v1.0"));
    for (String name : List.of("", "a/b", "..", "@1", "#1", "a b", "n".repeat(101))) {
      refused(ErrorCode.INVALID_MESSAGE, () -> create(name));
    }
    chronicle.ask(Addresses.DELETE_SNAPSHOT, new DeleteSnapshot("w", "v1.0"));
    refused(
        ErrorCode.SNAPSHOT_NOT_FOUND,
        () -> chronicle.ask(Addresses.DELETE_SNAPSHOT, new DeleteSnapshot("w", "v1.0")));
    chronicle.close();
    mount();
    assertThat(list()).extracting(Snapshot::name).containsExactly("v2.0");
    assertThat(chronicle.ask(Addresses.LIST_SNAPSHOTS, new ListSnapshots("none")).snapshots())
        .isEmpty();
    assertThat(home.resolve("instances/none")).doesNotExist();
  }

  @Test
  void whatASnapshotShowsIsKeptWhateverARetentionPolicyDrops() {
    String was = makeAndSnapshot();
    shell.run("mv moved d1; echo z >> d1");
    create("moved");
    String moved = shell.run(LOOK);
    shell.run(
        "echo again > moved; for i in $(seq 20); do echo $i > two; echo $i > d1; done; rm d1");
    changeEverything();
    chronicle.close();

    long dropped =
        IterationPruner.apply(
            home.resolve("instances/w/chronicle/metadata/chronicle.db"),
            _ -> Optional.of(SnapshotTest::most));

    mount();
    assertThat(dropped).isGreaterThan(20);
    restore("moved");
    assertThat(shell.run(LOOK)).isEqualTo(moved);
    restore("before");
    assertThat(shell.run(LOOK)).isEqualTo(was);
  }

  private static Collection<Long> most(
      List<RetentionCandidate> versions, NavigableSet<Long> snapshots) {
    return new RetentionPolicy.KeepLast(1).dropped(versions, snapshots, Instant.now());
  }

  @Test
  void aContentThatIsLostIsNamedAndNothingIsChanged() throws IOException {
    shell.run("echo keep > a; seq 5 > b");
    create("s");
    shell.run("echo changed > a; rm b; echo since > since");
    String hash = chronicle.history("w", "b").getFirst().hash();
    Files.delete(home.resolve("cas").resolve(hash.substring(0, 2)).resolve(hash));

    assertThatExceptionOfType(ConcertException.class)
        .isThrownBy(() -> restore("s"))
        .withMessageContaining("of b is not");

    assertThat(shell.run("cat a; ls")).isEqualTo("changed\na\nsince");
  }

  @Test
  void somethingThatIsInTheWayIsNamed() {
    shell.run("echo 1 > f");
    create("s");
    shell.run("rm f; mkdir f; mkfifo f/pipe");

    assertThatExceptionOfType(ConcertException.class)
        .isThrownBy(() -> restore("s"))
        .withMessageContaining("at f:");
    shell.run("rm f/pipe");
    restore("s");
    assertThat(shell.run("cat f")).isEqualTo("1");
  }

  @Test
  void restoresAtOnceAndAWriterAmongThemLeaveWholeFiles() {
    shell.run("for i in $(seq 100); do seq $i 2000 > f$i; done");
    create("long");
    shell.run("for i in $(seq 100); do echo $i > f$i; done");
    create("short");

    List<CompletableFuture<Void>> restores = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String name = i % 2 == 0 ? "long" : "short";
      restores.add(CompletableFuture.runAsync(() -> restore(name)));
    }
    shell.run("for i in $(seq 100); do echo agent > f1; done");
    restores.forEach(CompletableFuture::join);

    restore("long");
    assertThat(shell.run("cat f* | md5sum"))
        .isEqualTo(shell.run("for i in $(ls f*); do seq ${i#f} 2000; done | md5sum"));
  }
}
