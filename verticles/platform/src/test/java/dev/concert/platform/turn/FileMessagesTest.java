package dev.concert.platform.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client asks about the files of a session. */
class FileMessagesTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @Test
  void aListShowsAsManyLevelsAsWereAskedFor() {
    TestClient user = TestClient.echo(PLATFORM.connect());
    user.run("!write a/b/c.txt deep");
    user.run("!write top.txt shallow");

    JsonNode one = user.ask("list_files").path("entries");
    JsonNode three = user.ask("list_files", Map.of("depth", 3)).path("entries");
    JsonNode below = user.ask("list_files", Map.of("path", "a", "depth", 10)).path("entries");

    assertThat(one.findValuesAsText("path")).containsExactlyInAnyOrder("a", "top.txt");
    assertThat(three.findValuesAsText("path"))
        .containsExactlyInAnyOrder("a", "a/b", "a/b/c.txt", "top.txt");
    assertThat(below.findValuesAsText("path")).containsExactlyInAnyOrder("a/b", "a/b/c.txt");
    for (JsonNode entry : three) {
      boolean file = entry.path("type").asText().equals("file");
      assertThat(entry.path("iteration").asLong()).isEqualTo(file ? 1 : 0);
      assertThat(entry.path("modifiedAt").asLong()).isPositive();
    }
  }

  @Test
  void aSessionWithoutATurnHasNoFiles() {
    TestClient user = TestClient.echo(PLATFORM.connect());

    assertThat(user.ask("list_files").path("entries")).isEmpty();
    assertThat(code(user.ask("read_file", Map.of("path", "a.txt")))).isEqualTo("FILE_NOT_FOUND");
    assertThat(code(user.ask("file_history", Map.of("path", "a")))).isEqualTo("FILE_NOT_FOUND");
  }

  @Test
  void aFileIsReadAsItIsAndAsItWas() {
    TestClient user = TestClient.echo(PLATFORM.connect());
    user.run("!write notes.txt first");
    user.run("!write notes.txt the second");

    JsonNode now = user.ask("read_file", Map.of("path", "notes.txt"));
    JsonNode was = user.ask("file_at_iteration", Map.of("path", "notes.txt", "iteration", 1));

    assertThat(now.path("content").asText()).isEqualTo("the second");
    assertThat(now.path("encoding").asText()).isEqualTo("utf8");
    assertThat(now.path("iteration").asLong()).isEqualTo(2);
    assertThat(now.path("size").asLong()).isEqualTo(10);
    assertThat(was.path("content").asText()).isEqualTo("first");
    assertThat(was.path("hash").asText()).isNotEqualTo(now.path("hash").asText());
    assertThat(code(user.ask("file_at_iteration", Map.of("path", "notes.txt", "iteration", 3))))
        .isEqualTo("ITERATION_NOT_FOUND");
  }

  @Test
  void aFileThatIsNoTextComesAsBase64() {
    TestClient user = TestClient.create(PLATFORM.connect(), "coding-agent");
    user.run("run `printf '\\000\\377\\001' > blob.bin`");

    JsonNode now = user.ask("read_file", Map.of("path", "blob.bin"));
    JsonNode at = user.ask("file_at_iteration", Map.of("path", "blob.bin", "iteration", 1));

    assertThat(now.path("encoding").asText()).as(now.toString()).isEqualTo("base64");
    assertThat(Base64.getDecoder().decode(now.path("content").asText())).containsExactly(0, -1, 1);
    assertThat(at.path("encoding").asText()).isEqualTo("base64");
    assertThat(at.path("content")).isEqualTo(now.path("content"));
  }

  @Test
  void aFileThatWasDeletedKeepsItsHistory() {
    TestClient user = TestClient.create(PLATFORM.connect(), "coding-agent");
    user.run("run `echo kept > gone.txt`");
    user.run("run `rm gone.txt`");

    JsonNode history = user.ask("file_history", Map.of("path", "gone.txt")).path("iterations");

    assertThat(history).as(history.toString()).hasSize(2);
    assertThat(history.get(1).path("deleted").asBoolean()).isTrue();
    assertThat(code(user.ask("read_file", Map.of("path", "gone.txt")))).isEqualTo("FILE_NOT_FOUND");
    assertThat(
            user.ask("file_at_iteration", Map.of("path", "gone.txt", "iteration", 1))
                .path("content")
                .asText())
        .isEqualTo("kept\n");
    assertThat(code(user.ask("file_at_iteration", Map.of("path", "gone.txt", "iteration", 2))))
        .isEqualTo("ITERATION_NOT_FOUND");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/../../x", "/etc/passwd", "a\0b", "./a", "a//b", "..", "a/"})
  void aPathThatIsNoneOfTheWorkspaceIsRefused(String path) {
    TestClient user = TestClient.echo(PLATFORM.connect());

    assertThat(code(user.ask("read_file", Map.of("path", path)))).isEqualTo("PATH_INVALID");
    assertThat(code(user.ask("list_files", Map.of("path", path)))).isEqualTo("PATH_INVALID");
    assertThat(code(user.ask("file_history", Map.of("path", path)))).isEqualTo("PATH_INVALID");
    assertThat(code(user.ask("file_at_iteration", Map.of("path", path, "iteration", 1))))
        .isEqualTo("PATH_INVALID");
  }

  @Test
  void aLinkOutOfTheWorkspaceLeadsNowhere() {
    TestClient user = TestClient.create(PLATFORM.connect(), "coding-agent");
    user.run("run `ln -s /etc/passwd out; ln -s / root`");

    assertThat(code(user.ask("read_file", Map.of("path", "out"))))
        .isIn("PATH_INVALID", "FILE_NOT_FOUND");
    assertThat(code(user.ask("read_file", Map.of("path", "root/etc/passwd"))))
        .isIn("PATH_INVALID", "FILE_NOT_FOUND");
    assertThat(code(user.ask("list_files", Map.of("path", "root/etc"))))
        .isIn("PATH_INVALID", "FILE_NOT_FOUND");
  }

  private static String code(JsonNode answer) {
    assertThat(answer.path("type").asText()).as(answer.toString()).isEqualTo("error");
    return answer.path("code").asText();
  }
}
