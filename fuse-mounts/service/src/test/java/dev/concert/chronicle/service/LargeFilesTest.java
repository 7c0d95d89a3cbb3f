package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.concert.bus.Addresses;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.versioning.LargeFileRule;
import dev.concert.chronicle.versioning.VersioningPolicy;
import dev.concert.chronicle.workspace.Workspaces;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import dev.concert.workspace.SnapshotMessages.CreateSnapshot;
import dev.concert.workspace.SnapshotMessages.RestoreWorkspace;
import dev.concert.workspace.SnapshotMessages.WorkspaceRestored;
import dev.concert.workspace.WorkspaceMessages.DeleteFile;
import dev.concert.workspace.WorkspaceMessages.FileHistory;
import dev.concert.workspace.WorkspaceMessages.FileIteration;
import dev.concert.workspace.WorkspaceMessages.ReadHistory;
import dev.concert.workspace.WorkspaceMessages.RestoreFile;
import dev.concert.workspace.WorkspaceMessages.SkippedVersions;
import dev.concert.workspace.WorkspaceMessages.WriteFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large files and files with holes in a mounted workspace. */
@RequiresFuse
class LargeFilesTest {
  private static final long TERABYTE = 1L << 40;

  /** Makes a file of a terabyte that ends with "end". */
  private static final String SPARSE =
      """
      truncate -s 1T big
      printf end | dd of=big bs=1 seek=$((2**40-3)) conv=notrunc status=none
      """;

  private static final LargeFileRule SELDOM =
      new LargeFileRule("*", 100_000, Optional.of(Duration.ofMinutes(10)));

  @TempDir Path home;

  @Test
  void aSparseTerabyteThatIsWrittenAndRemovedHoldsUpNoLaterWrite() {
    try (Chronicle chronicle = Chronicle.fuse(home)) {
      Shell shell = new Shell(chronicle.mount("w"));
      long begin = System.nanoTime();
      shell.run(SPARSE + "rm big; echo hi > x");

      assertThat(chronicle.history("w", "x")).hasSize(1);
      assertThat(chronicle.history("w", "big"))
          .extracting(FileIteration::size)
          .endsWith(TERABYTE, 0L);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
    }
  }

  @Test
  void aWorkspaceWhoseServerWasKilledWithASparseTerabyteOpensAtOnce() throws Exception {
    Process serving = KilledMount.start(home);
    Path mount = home.resolve("instances/w/chronicle/mount");
    new Shell(mount).run(SPARSE);
    serving.destroyForcibly().waitFor();

    try (Workspaces workspaces = KilledMount.open(home)) {
      long begin = System.nanoTime();
      workspaces.mount("w");
      new Shell(mount).run("echo hi > x");
      List<Iteration> found =
          workspaces.with("w", space -> space.journal().history().of("big")).orElseThrow();

      assertThat(found).last().extracting(Iteration::size).isEqualTo(TERABYTE);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
    }
  }

  @Test
  void aRestoredFileHasItsHoles() {
    try (Chronicle chronicle = Chronicle.fuse(home)) {
      Shell shell = new Shell(chronicle.mount("w"));
      shell.run(SPARSE + "truncate -s 100M tail; printf x | dd of=tail conv=notrunc status=none");
      chronicle.ask(Addresses.CREATE_SNAPSHOT, new CreateSnapshot("w", "before"));
      shell.run("echo short > big; rm tail");

      chronicle.ask(Addresses.RESTORE_WORKSPACE, new RestoreWorkspace("w", "before"));

      assertThat(shell.run("stat -c %s big tail; tail -c 3 big; head -c 1 tail"))
          .isEqualTo("1099511627776\n104857600\nendx");
      long blocks = shell.run("stat -c %b big tail").lines().mapToLong(Long::parseLong).sum();
      assertThat(blocks * 512).isLessThan(16 << 20);
    }
  }

  @Test
  void theHistorySaysWhichVersionsOfALargeFileAreNotKept() throws IOException {
    VersioningPolicy policy =
        new VersioningPolicy(
            List.of(),
            List.of(
                new LargeFileRule("*.img", 100_000, Optional.empty()),
                new LargeFileRule("*.log", 100_000, Optional.of(Duration.ofSeconds(2)))));
    try (Chronicle chronicle = Chronicle.versioning(home, policy)) {
      Shell shell = new Shell(chronicle.mount("w"));
      shell.run(
          """
          head -c 200000 /dev/urandom > vm.img
          for i in 1 2 3; do head -c 20000$i /dev/urandom > a.log; done
          """);

      FileHistory image = chronicle.ask(Addresses.READ_HISTORY, new ReadHistory("w", "vm.img"));
      assertThat(image.iterations()).isEmpty();
      assertThat(image.skipped())
          .singleElement()
          .extracting(SkippedVersions::reason, SkippedVersions::size)
          .containsExactly("too_large", 200_000L);
      FileHistory log = chronicle.ask(Addresses.READ_HISTORY, new ReadHistory("w", "a.log"));
      assertThat(log.iterations()).hasSize(1);
      assertThat(log.skipped())
          .extracting(SkippedVersions::reason, SkippedVersions::after)
          .containsExactly(tuple("too_often", 1L));

      // The last one is kept when it is time.
      Await.until(
          () ->
              chronicle.history("w", "a.log").getLast().size() == 200_003
                  && chronicle.history("w", "a.log").size() == 2);
    }
  }

  @Test
  void aSkippedVersionThatReplacesTheFileByARenameIsKeptUnderTheNewName() throws IOException {
    VersioningPolicy policy = new VersioningPolicy(List.of(), List.of(SELDOM));
    try (Chronicle chronicle = Chronicle.versioning(home, policy)) {
      Shell shell = new Shell(chronicle.mount("w"));
      shell.run(
          """
          for i in 1 2; do head -c 20000$i /dev/urandom > a.tmp; mv a.tmp a; done
          mkdir d; head -c 200003 /dev/urandom > d/b; head -c 200004 /dev/urandom > d/b; mv d e
          """);

      Await.until(
          () ->
              chronicle.history("w", "a").getLast().size() == 200_002
                  && chronicle.history("w", "e/b").getLast().size() == 200_004);
      assertThat(chronicle.history("w", "a")).noneMatch(FileIteration::deleted);
    }
  }

  @Test
  void anUploadThatARuleLeftOutIsKeptWhenItIsTime() throws IOException {
    LargeFileRule often = new LargeFileRule("*", 100_000, Optional.of(Duration.ofSeconds(2)));
    VersioningPolicy policy = new VersioningPolicy(List.of(), List.of(often));
    try (Chronicle chronicle = Chronicle.versioning(home, policy)) {
      chronicle.mount("w");
      for (int size : new int[] {200_001, 200_002}) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) 7);
        String content = Base64.getEncoder().encodeToString(bytes);
        chronicle.ask(Addresses.WRITE_FILE, new WriteFile("w", "a", content));
      }
      assertThat(chronicle.history("w", "a")).hasSize(1);

      Await.until(() -> chronicle.history("w", "a").getLast().size() == 200_002);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"write", "delete", "restore"})
  void whoReplacesOrDeletesOneFileKeepsAVersionThatWasNotKept(String how) throws IOException {
    VersioningPolicy policy = new VersioningPolicy(List.of(), List.of(SELDOM));
    try (Chronicle chronicle = Chronicle.versioning(home, policy)) {
      Shell shell = new Shell(chronicle.mount("w"));
      shell.run("for i in 1 2; do head -c 20000$i /dev/urandom > a; done");
      assertThat(chronicle.history("w", "a")).hasSize(1);

      switch (how) {
        case "write" -> chronicle.ask(Addresses.WRITE_FILE, new WriteFile("w", "a", "eA=="));
        case "delete" -> chronicle.ask(Addresses.DELETE_FILE, new DeleteFile("w", "a"));
        default -> chronicle.ask(Addresses.RESTORE_FILE, new RestoreFile("w", "a", 1));
      }

      assertThat(chronicle.history("w", "a"))
          .extracting(FileIteration::size)
          .startsWith(200_001L, 200_002L);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "nothing"})
  void aRestoreReplacesAVersionThatWasNotKeptAndTheNextOneBringsItBack(String moment)
      throws IOException {
    VersioningPolicy policy = new VersioningPolicy(List.of(), List.of(SELDOM));
    try (Chronicle chronicle = Chronicle.versioning(home, policy)) {
      Shell shell = new Shell(chronicle.mount("w"));
      chronicle.ask(Addresses.CREATE_SNAPSHOT, new CreateSnapshot("w", "nothing"));
      shell.run("head -c 200001 /dev/urandom > a; cp a ../one");
      chronicle.ask(Addresses.CREATE_SNAPSHOT, new CreateSnapshot("w", "one"));
      shell.run("head -c 200002 /dev/urandom > a; cp a ../two");

      WorkspaceRestored restored =
          chronicle.ask(Addresses.RESTORE_WORKSPACE, new RestoreWorkspace("w", moment));
      shell.run(moment.equals("one") ? "cmp a ../one" : "test ! -e a");

      chronicle.ask(
          Addresses.RESTORE_WORKSPACE, new RestoreWorkspace("w", "#" + restored.before()));
      shell.run("cmp a ../two");
    }
  }
}
