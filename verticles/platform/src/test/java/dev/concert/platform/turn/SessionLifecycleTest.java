package dev.concert.platform.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresFuse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Archiving and deleting sessions with real agents on real workspaces. */
class SessionLifecycleTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @Test
  void anArchivedSessionHasNoAgentAndNoMountIsReadAndComesBack() throws IOException {
    TestClient user = TestClient.echo(PLATFORM.connect());
    user.run("!write a.txt kept");
    assertThat(isMounted(user)).isEqualTo(RequiresFuse.Condition.isMet());

    assertThat(user.ask("archive_session").path("type").asText()).isEqualTo("session_archived");
    assertThat(isMounted(user)).isFalse();
    assertThat(user.ask("read_file", Map.of("path", "a.txt")).path("content").asText())
        .isEqualTo("kept");
    assertThat(user.ask("get_history").path("messages")).hasSize(2);
    assertThat(user.ask("run_turn", Map.of("text", "x")).path("code").asText())
        .isEqualTo("SESSION_ARCHIVED");

    assertThat(user.ask("unarchive_session").path("type").asText()).isEqualTo("session_unarchived");
    assertThat(user.run("!read a.txt").path("finalText").asText()).isEqualTo("kept");
  }

  @Test
  void aSessionThatIsArchivedInTheMiddleOfATurnEndsIt() throws IOException {
    TestClient user = TestClient.echo(PLATFORM.connect());
    String turn = user.start("!stream 100000");
    user.awaitEvent("text_delta");

    assertThat(user.ask("archive_session").path("type").asText()).isEqualTo("session_archived");
    assertThat(user.awaitEnd(turn).path("stopReason").asText()).isEqualTo("stopped");
    assertThat(isMounted(user)).isFalse();
  }

  @Test
  void aDeletedSessionLeavesNoAgentMountFolderAndDatabase() throws IOException {
    ProtocolClient watching = PLATFORM.connect();
    TestClient user = TestClient.echo(PLATFORM.connect());
    user.run("!write a.txt gone");
    user.start("!stream 100000");
    user.awaitEvent("text_delta");

    JsonNode reply = user.ask("delete_session");
    assertThat(reply.path("type").asText()).as(reply.toString()).isEqualTo("session_deleted");
    assertThat(watching.await("session_deleted").path("sessionId").asText())
        .isEqualTo(user.sessionId());
    assertThat(isMounted(user)).isFalse();
    assertThat(instance(user)).doesNotExist();
    assertThat(user.ask("read_file", Map.of("path", "a.txt")).path("code").asText())
        .isEqualTo("SESSION_NOT_FOUND");
    assertThat(instance(user)).doesNotExist();
  }

  @Test
  void aSessionThatNeverRanIsDeletedToo() {
    TestClient user = TestClient.echo(PLATFORM.connect());

    assertThat(user.ask("delete_session").path("type").asText()).isEqualTo("session_deleted");
    Await.until(() -> !Files.exists(instance(user)));
  }

  private static Path instance(TestClient user) {
    return PLATFORM.data().resolve("instances/agent_" + user.sessionId());
  }

  private static boolean isMounted(TestClient user) throws IOException {
    return Files.readString(Path.of("/proc/mounts")).contains("agent_" + user.sessionId());
  }
}
