package dev.concert.chronicle.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.bus.Addresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresFuse;
import dev.concert.testing.Shell;
import dev.concert.workspace.WorkspaceMessages.DeleteFile;
import dev.concert.workspace.WorkspaceMessages.Mount;
import dev.concert.workspace.WorkspaceMessages.WorkspaceQuota;
import dev.concert.workspace.WorkspaceMessages.WriteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program meets that fills its workspace. */
@RequiresFuse
class QuotaTest {
  private static final long MIB = 1 << 20;
  private static final WorkspaceQuota QUOTA = new WorkspaceQuota(64 * MIB, 200);
  private static final String FILL =
      "head -c 600M /dev/zero > big || true; test $(stat -c %s big) -le $((64 << 20));"
          + " test $(stat -c %s big) -gt $((62 << 20));";

  @TempDir Path home;
  private Chronicle chronicle;

  @BeforeEach
  void start() {
    chronicle = Chronicle.fuse(home);
  }

  @AfterEach
  void stop() {
    chronicle.close();
  }

  private Shell mount(String id, WorkspaceQuota quota) {
    return new Shell(
        chronicle.place(chronicle.ask(Addresses.MOUNT_WORKSPACE, new Mount(id, 0, quota))));
  }

  @Test
  void aLargeWriteGetsNoSpaceLeftAndRemovingItMakesRoomAtOnce() {
    Shell shell = mount("w", QUOTA);
    assertThat(
            shell.run(
                FILL
                    + "echo x 2>&1 > small && cat small; dd if=/dev/zero of=more bs=1M count=9 2>&1"
                    + " || true"))
        .contains("No space left on device");
    shell.run(
        "rm big more; head -c 50M /dev/zero > again; rm again; head -c 50M /dev/zero > again");
  }

  @Test
  void anotherWorkspaceOfTheHostIsNotFull() {
    Shell full = mount("full", QUOTA);
    Shell other = mount("other", new WorkspaceQuota(128 * MIB, 200));
    full.run(FILL);
    other.run("head -c 100M /dev/zero > big");
  }

  @Test
  void tooManyFilesAreRefusedToo() {
    assertThat(
            mount("w", QUOTA)
                .run("for n in $(seq 300); do echo > f$n || break; done 2>&1; ls | wc -l"))
        .contains("No space left on device")
        .endsWith("200");
  }

  @Test
  void programsSeeTheQuotaAsTheSizeOfTheDisk() {
    Shell shell = mount("w", QUOTA);
    shell.run("head -c 16M /dev/zero > f");
    assertThat(shell.run("df --output=size,avail -B1M . | tail -1")).matches("64 +4[78]");
    assertThat(shell.run("df --output=itotal,iavail . | tail -1")).matches("200 +199");
  }

  @Test
  void anotherQuotaHoldsWithoutANewMount() {
    Shell shell = mount("w", QUOTA);
    shell.run(FILL);
    mount("w", new WorkspaceQuota(128 * MIB, 200));
    shell.run("head -c 50M /dev/zero > more");
  }

  @Test
  void whatAWorkspaceTakesIsKnownAfterARestart() {
    mount("w", QUOTA).run("head -c 60M /dev/zero > big");
    chronicle.close();
    chronicle = Chronicle.fuse(home);
    assertThat(mount("w", QUOTA).run("head -c 10M /dev/zero 2>&1 > more || echo full"))
        .endsWith("full");
  }

  @Test
  void whatChangedWithoutTheMountIsMeasuredInTheBackground() throws IOException {
    mount("w", QUOTA).run("head -c 60M /dev/zero > big");
    chronicle.unmount("w");
    Path workspace = home.resolve("instances/w/chronicle");
    Files.delete(workspace.resolve("tree/big"));
    Files.delete(workspace.resolve("metadata/usage.json"));
    Shell shell = mount("w", QUOTA);
    Await.until(
        "the disk was measured",
        () -> shell.run("df --output=avail -B1M . | tail -1").strip().equals("64"));
    shell.run("head -c 50M /dev/zero > more");
  }

  @Test
  void uploadsToAWorkspaceThatIsNotMountedCountTogether() {
    Shell shell = mount("w", QUOTA);
    shell.run("head -c 60M /dev/zero > big; echo x > old");
    chronicle.unmount("w");
    upload("d/one");
    upload("d/one");

    assertThatThrownBy(() -> upload("two"))
        .isInstanceOfSatisfying(
            ConcertException.class,
            full -> assertThat(full.code()).isEqualTo(ErrorCode.WORKSPACE_FULL));
    chronicle.ask(Addresses.DELETE_FILE, new DeleteFile("w", "d/one"));
    upload("two");
    assertThatThrownBy(() -> upload("three")).isInstanceOf(ConcertException.class);
    assertThat(home.resolve("instances/w/chronicle/tree/three")).doesNotExist();
  }

  private void upload(String path) {
    String content = Base64.getEncoder().encodeToString(new byte[(int) (3 * MIB)]);
    chronicle.ask(Addresses.WRITE_FILE, new WriteFile("w", path, content));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anUploadThatDoesNotFitSaysSoAndChangesNothing(boolean mounted) {
    Shell shell = mount("w", QUOTA);
    shell.run("head -c 60M /dev/zero > big");
    if (!mounted) {
      chronicle.unmount("w");
    }
    String content = Base64.getEncoder().encodeToString(new byte[(int) (8 * MIB)]);
    assertThatThrownBy(
            () -> chronicle.ask(Addresses.WRITE_FILE, new WriteFile("w", "upload", content)))
        .isInstanceOfSatisfying(
            ConcertException.class,
            full -> assertThat(full.code()).isEqualTo(ErrorCode.WORKSPACE_FULL));
    assertThat(home.resolve("instances/w/chronicle/tree/upload")).doesNotExist();
    chronicle.ask(Addresses.WRITE_FILE, new WriteFile("w", "small", "eA=="));
  }
}
