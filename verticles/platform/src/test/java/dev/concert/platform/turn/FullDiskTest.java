package dev.concert.platform.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.FilesOverHttp;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.log.ExpectedLog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A session whose workspace lies on a disk that gets full. */
@RequiresRoot("mounts a small disk")
@ExpectedLog(
    logger = "dev.concert.chronicle.workspace.Workspace",
    message = "A reader does not see the latest changes",
    required = false)
@ExpectedLog(
    logger = "dev.concert.chronicle.recording.ApplierLoop",
    message = "Changes of a workspace cannot be entered",
    required = false)
class FullDiskTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  private static Path disk;
  private static boolean mounted;

  @BeforeAll
  static void mount() throws Exception {
    disk = PLATFORM.data().resolve("instances");
    mounted = run("mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", disk.toString());
    Assumptions.assumeTrue(mounted, "this user cannot mount a tmpfs");
  }

  @AfterAll
  static void unmount() throws Exception {
    if (mounted) {
      run("umount", "-l", disk.toString());
    }
  }

  private static boolean run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return process.waitFor(3, TimeUnit.MINUTES) && process.exitValue() == 0;
  }

  private static void fill(Path file) {
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] piece = new byte[4096];
      while (true) {
        out.write(piece);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space");
    }
  }

  private static boolean isTrouble(JsonNode event) {
    return event.path("type").asText().equals("error")
        && event.path("code").asText().equals("WORKSPACE_FULL");
  }

  @Test
  void theSessionHearsOfItTheAgentGetsTheErrnoAndAllGoesOnAfterwards() throws IOException {
    TestClient user = TestClient.echo(PLATFORM.connect());
    user.run("!write f.txt before");
    int mark = user.client().transcript().all().size();

    fill(disk.resolve("filler"));

    JsonNode told = user.awaitEvent("the trouble", mark, FullDiskTest::isTrouble);
    assertThat(told.path("message").asText()).contains("full");
    assertThat(told.path("sessionId").asText()).isEqualTo(user.sessionId());
    assertThat(told.path("seq").asLong()).isPositive();
    assertThat(user.run("!write g.txt " + "x".repeat(100_000)).path("finalText").asText())
        .contains("No space left");
    int later = user.client().transcript().all().size();

    Files.delete(disk.resolve("filler"));

    user.awaitEvent("its end", later, event -> event.path("type").asText().equals("sandbox_ready"));
    user.run("!write f.txt after");
    assertThat(new FilesOverHttp(PLATFORM, user).read("path", "f.txt")).isEqualTo("after");

    TestClient late = TestClient.join(PLATFORM.connect(), user.sessionId(), 0);
    late.awaitEvent("what was stored of it", 0, FullDiskTest::isTrouble);
  }
}
