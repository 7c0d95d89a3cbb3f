package dev.concert.platform.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.ServerProcess;
import dev.concert.platform.harness.TestClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other users of the host, and other clients, see of the data folder. */
class PrivateDataTest {
  private static final String SECRET = "sk-an-answer-for-the-agent-only";

  /** Of a workspace: here the agent decides who may read its files. */
  private static final Set<String> AGENTS = Set.of("tree", "mount", "orphans", "scratch");

  @TempDir Path parent;

  @Test
  void afterATurnNothingInTheDataFolderIsOpenToOthersAndNothingHasTheSecret() throws IOException {
    Path data = parent.resolve("data");
    try (ServerProcess server = ServerProcess.start(data);
        ProtocolClient client = ProtocolClient.connect(server.url());
        ProtocolClient other = ProtocolClient.connect(server.url())) {
      TestClient user = TestClient.echo(client);
      TestClient watching = TestClient.join(other, user.sessionId(), 0);
      user.run("!write kept.txt kept");

      String turn = user.start("!secret your key");
      JsonNode question = user.awaitEvent("question_requested");
      user.answer(question, Map.of("answers", Map.of("answer", SECRET)));

      assertThat(user.awaitEnd(turn).path("finalText").asText())
          .isEqualTo("a secret of %d characters".formatted(SECRET.length()));
      watching.awaitEnd(turn);
      assertThat(watching.ask("get_events", Map.of("afterSeq", 0)).toString())
          .contains("approval_resolved")
          .doesNotContain(SECRET);
      assertThat(other.transcript().all().toString()).doesNotContain(SECRET);
      assertThat(openToOthers(data)).isEmpty();
    }
    assertThat(openToOthers(data)).isEmpty();
    assertThat(withText(data)).isEmpty();
  }

  @Test
  void anOldFolderThatIsOpenIsClosedAtTheStart() throws IOException {
    Path data = parent.resolve("data");
    try (ServerProcess server = ServerProcess.start(data);
        ProtocolClient client = ProtocolClient.connect(server.url())) {
      TestClient.echo(client).run("!write kept.txt kept");
    }
    open(data);
    assertThat(openToOthers(data)).isNotEmpty();
    try (ServerProcess server = ServerProcess.start(data)) {
      assertThat(openToOthers(data)).isEmpty();
      assertThat(server.complaints()).contains("could look into the data folder");
    }
  }

  private static void open(Path data) throws IOException {
    for (Path path : all(data)) {
      if (!Files.isSymbolicLink(path)) {
        Files.setPosixFilePermissions(
            path,
            PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--"));
      }
    }
  }

  private static List<String> openToOthers(Path data) throws IOException {
    List<String> open = new ArrayList<>();
    for (Path path : all(data)) {
      String mode =
          PosixFilePermissions.toString(
              Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
      if (!Files.isSymbolicLink(path) && !mode.endsWith("------")) {
        open.add(mode + " " + data.relativize(path));
      }
    }
    return open;
  }

  private static List<Path> withText(Path data) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path path : all(data)) {
      if (Files.isRegularFile(path)
          && new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1).contains(SECRET)) {
        found.add(path);
      }
    }
    return found;
  }

  private static List<Path> all(Path data) throws IOException {
    List<Path> all = new ArrayList<>();
    Files.walkFileTree(
        data,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            Path below = data.relativize(folder);
            if (below.startsWith("instances") && AGENTS.contains(folder.getFileName().toString())) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            all.add(folder);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            all.add(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    return all;
  }
}
