package dev.concert.chronicle.localsync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.chronicle.replication.replica.state.LeftOut;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What no rule leaves out and no sync can carry. */
@EnabledOnOs(OS.LINUX)
class LeftOutTest {
  private static final String SPECIAL = "it is a pipe, a socket or a device";

  @TempDir private Path place;
  private SyncStage stage;

  @BeforeEach
  void open() throws IOException {
    stage = new SyncStage(place);
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void eachIsReportedAndListedWithItsReason() throws Exception {
    stage.write("good", "1");
    stage.write(".gitignore", "ignored*\n");
    shell("printf x > $'bad\\xff.txt'; mkdir $'dir\\xfe'; printf y > $'dir\\xfe/in'");
    shell("mkfifo d-pipe ignored-pipe; ln -s /etc/passwd absolute; ln -s ../up up");
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(stage.folder.resolve("sock")));
      stage.start(ConflictPolicy.ASK).settle();
    }

    String leadsOut = "it is a symlink that leads out of the folder";
    String name = "its name is not valid UTF-8";
    assertThat(stage.upstream()).containsOnlyKeys("good", ".gitignore");
    assertThat(stage.notes.leftOut)
        .containsExactlyInAnyOrder(
            "bad\\xff.txt: " + name,
            "dir\\xfe: " + name,
            "d-pipe: " + SPECIAL,
            "sock: " + SPECIAL,
            "absolute: " + leadsOut,
            "up: " + leadsOut);
    assertThat(listed().first()).hasSize(6);
    assertThat(listed().count()).isEqualTo(6);

    shell("rm d-pipe absolute up sock; rm -r ./bad* ./dir*");
    stage.settle();
    assertThat(listed().count()).isZero();
  }

  @Test
  void theListIsBoundedAndCountsTheRest() throws Exception {
    shell("mkfifo $(seq 1 250)");
    stage.start(ConflictPolicy.ASK).settle();

    assertThat(listed().first()).hasSize(LeftOut.LISTED);
    assertThat(listed().count()).isEqualTo(250);
  }

  @Test
  void aSymlinkOfTheWorkspaceThatLeadsOutIsListedUntilItIsGone() {
    stage.workspace.writes(
        "out", dev.concert.chronicle.iteration.Kind.SYMLINK, 0777, "/etc".getBytes());
    stage.start(ConflictPolicy.ASK).settle();
    assertThat(listed().first()).isEqualTo(List.of(new LeftOut.Entry("out", "leads_out")));

    stage.workspace.writes("out", "a file");
    stage.settle();
    assertThat(listed().count()).isZero();
    assertThat(stage.read("out")).isEqualTo("a file");
  }

  private LeftOut.Summary listed() {
    return LocalSync.remembered(stage.state).orElseThrow().problems().leftOut();
  }

  private void shell(String script) throws Exception {
    Process process =
        new ProcessBuilder("bash", "-c", script)
            .directory(stage.folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
  }
}
