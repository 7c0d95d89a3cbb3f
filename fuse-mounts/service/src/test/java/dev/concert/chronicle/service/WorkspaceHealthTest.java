package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.concert.bus.Addresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.Shell;
import dev.concert.testing.log.ExpectedLog;
import dev.concert.workspace.WorkspaceMessages.WorkspaceCondition;
import dev.concert.workspace.WorkspaceMessages.WriteFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients hear of it when the disk under a workspace that is in use cannot be written. */
@RequiresFuse
@RequiresRoot("mounts a disk")
@ExpectedLog(
    logger = "dev.concert.chronicle.workspace.Workspace",
    message = "A reader does not see the latest changes",
    required = false)
@ExpectedLog(
    logger = "dev.concert.chronicle.recording.ApplierLoop",
    message = "Changes of a workspace cannot be entered",
    required = false)
@ExpectedLog(
    logger = "dev.concert.chronicle.workspace.ReplicationMasters",
    message = "The socket of workspace w stays behind",
    required = false)
@ExpectedLog(
    logger = "dev.concert.chronicle.quota.UsageFile",
    message = "The disk usage of a workspace cannot be written",
    required = false)
class WorkspaceHealthTest {
  @TempDir Path home;
  private final List<WorkspaceCondition> heard = new CopyOnWriteArrayList<>();
  private Path disk;
  private boolean mounted;
  private Chronicle chronicle;
  private Shell shell;

  private void onDisk(String... mount) throws Exception {
    disk = Files.createDirectories(home.resolve("disk"));
    mounted = run(mount);
    Assumptions.assumeTrue(mounted, "this user cannot mount a disk");
    begin();
  }

  private void begin() {
    chronicle = Chronicle.fuse(disk);
    shell = new Shell(chronicle.mount("w"));
    chronicle.bus.listen(Addresses.WORKSPACE_CONDITION, heard::add);
  }

  private static boolean run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return process.waitFor(3, TimeUnit.MINUTES) && process.exitValue() == 0;
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      chronicle.close();
      assertThat(run("umount", "-l", disk.toString())).isTrue();
    }
  }

  private void awaitCondition(String code) {
    Await.until(() -> !heard.isEmpty() && heard.getLast().code().equals(code));
  }

  private void refused(ErrorCode code) {
    byte[] large = new byte[500_000];
    assertThatExceptionOfType(ConcertException.class)
        .isThrownBy(
            () ->
                chronicle.ask(
                    Addresses.WRITE_FILE,
                    new WriteFile("w", "up", Base64.getEncoder().encodeToString(large))))
        .satisfies(why -> assertThat(why.code()).isEqualTo(code));
  }

  @Test
  void aFullDiskIsToldOfUntilThereIsRoomAgain() throws Exception {
    onDisk("mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", home.resolve("disk").toString());
    shell.run("echo kept > f");
    assertThat(shell.run("(head -c 60000000 /dev/urandom > big) 2>&1 || true"))
        .contains("No space");

    awaitCondition("WORKSPACE_FULL");
    assertThat(heard.getLast().message()).contains("full");
    refused(ErrorCode.WORKSPACE_FULL);

    assertThat(run("mount", "-o", "remount,size=200m", disk.toString())).isTrue();
    awaitCondition("");
    shell.run("echo again > f; rm big");
    assertThat(chronicle.history("w", "f")).hasSize(2);
  }

  @Test
  void aDiskWithoutInodesIsToldOf() throws Exception {
    onDisk(
        "mount",
        "-t",
        "tmpfs",
        "-o",
        "size=40m,nr_inodes=600",
        "tmpfs",
        home.resolve("disk").toString());
    assertThat(shell.run("for i in $(seq 700); do : > f$i || break; done 2>&1"))
        .contains("No space");

    awaitCondition("WORKSPACE_FULL");
    assertThat(heard.getLast().message()).contains("inodes");

    assertThat(run("mount", "-o", "remount,nr_inodes=9000", disk.toString())).isTrue();
    awaitCondition("");
    shell.run("echo again > g");
    assertThat(chronicle.history("w", "g")).hasSize(1);
  }

  @Test
  void aDiskThatBecomesReadOnlyUnderAnAgentIsToldOfAndNothingIsLost() throws Exception {
    Path image = home.resolve("image");
    Files.createDirectories(home.resolve("disk"));
    Assumptions.assumeTrue(
        run("truncate", "-s", "64M", image.toString()) && run("mkfs.ext4", "-q", image.toString()));
    onDisk("mount", "-o", "loop", image.toString(), home.resolve("disk").toString());
    shell.run("echo kept > f; sync");
    assertThat(chronicle.history("w", "f")).hasSize(1);

    // What ext4 does by itself when its disk fails, whoever has files open.
    assertThat(run("mount", "-o", "remount,abort", disk.toString())).isTrue();
    awaitCondition("WORKSPACE_READ_ONLY");
    assertThat(shell.run("(echo lost > f) 2>&1 || true; cat f")).contains("Read-only", "kept");
    refused(ErrorCode.WORKSPACE_READ_ONLY);

    chronicle.close();
    assertThat(run("umount", disk.toString())).isTrue();
    assertThat(run("mount", "-o", "loop", image.toString(), disk.toString())).isTrue();
    begin();
    assertThat(shell.run("cat f; echo again > f; cat f")).isEqualTo("kept\nagain");
    assertThat(chronicle.history("w", "f")).hasSize(2);
  }
}
