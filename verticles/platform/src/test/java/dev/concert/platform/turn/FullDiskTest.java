package dev.concert.platform.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.FilesOverHttp;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.SmallDisk;
import dev.concert.testing.log.ExpectedLog;
import org.junit.jupiter.api.AfterAll;
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

  private static SmallDisk disk;

  @BeforeAll
  static void mount() {
    disk = SmallDisk.at(PLATFORM.data().resolve("instances"), 40);
  }

  @AfterAll
  static void unmount() {
    disk.close();
  }

  private static boolean isTrouble(JsonNode event) {
    return event.path("type").asText().equals("error")
        && event.path("code").asText().equals("WORKSPACE_FULL");
  }

  @Test
  void theSessionHearsOfItTheAgentGetsTheErrnoAndAllGoesOnAfterwards() {
    TestClient user = TestClient.echo(PLATFORM.connect());
    user.run("!write f.txt before");
    int mark = user.client().transcript().all().size();

    disk.fill();

    JsonNode told = user.awaitEvent("the trouble", mark, FullDiskTest::isTrouble);
    assertThat(told.path("message").asText()).contains("full");
    assertThat(told.path("sessionId").asText()).isEqualTo(user.sessionId());
    assertThat(told.path("seq").asLong()).isPositive();
    assertThat(user.run("!write g.txt " + "x".repeat(100_000)).path("finalText").asText())
        .contains("No space left");
    int later = user.client().transcript().all().size();

    disk.makeRoom();

    user.awaitEvent("its end", later, event -> event.path("type").asText().equals("sandbox_ready"));
    user.run("!write f.txt after");
    assertThat(new FilesOverHttp(PLATFORM, user).read("path", "f.txt")).isEqualTo("after");

    TestClient late = TestClient.join(PLATFORM.connect(), user.sessionId(), 0);
    late.awaitEvent("what was stored of it", 0, FullDiskTest::isTrouble);
  }
}
