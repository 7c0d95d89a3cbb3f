package dev.concert.platform.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.ServerProcess;
import dev.concert.platform.harness.TestClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent cannot see or touch. */
class SecrecyTest {
  private static final String KEY = "sk-not-for-agents";
  private static final String PASSWORD = "a-password-of-the-operator";

  @TempDir Path data;

  @Test
  void anAgentSeesNoSecretAndNothingOfOthers() {
    Map<String, String> environment = Map.of("OPENAI_API_KEY", KEY, "DATABASE_PASSWORD", PASSWORD);
    try (ServerProcess server = ServerProcess.start(data, environment);
        ProtocolClient client = ProtocolClient.connect(server.url())) {
      TestClient neighbour = TestClient.echo(client);
      neighbour.run("!write diary.txt private");
      TestClient spy = TestClient.echo(client);

      String seen = spy.run("!env").path("finalText").asText();

      assertThat(seen)
          .contains("CONCERT_IPC_SOCKET")
          .doesNotContain(KEY, PASSWORD, "registry.db", "journal.db", "session.db", "concert.lock")
          .doesNotContain(neighbour.sessionId(), "diary.txt");
      for (String file :
          new String[] {"concert.lock", "journal.db", "tenants/dev/registry.db", "sessions"}) {
        assertThat(spy.run("!read " + data.resolve(file)).path("finalText").asText())
            .as(file)
            .startsWith("not read");
      }
      assertThat(spy.run("!read /proc/1/environ").path("finalText").asText())
          .doesNotContain(KEY, PASSWORD);
      assertThat(spy.run("!read /etc/shadow").path("finalText").asText()).startsWith("not read");
    }
  }

  @Test
  void anAgentWritesNowhereButInItsWorkspace() {
    Path target = data.resolveSibling("outside-" + System.nanoTime());
    try (ServerProcess server = ServerProcess.start(data);
        ProtocolClient client = ProtocolClient.connect(server.url())) {
      TestClient user = TestClient.echo(client);

      user.run("!write " + target + " broken out");
      user.run("!write ../../../../../.." + target + " broken out");
      String code = user.run("!write /usr/lib/concert-was-here x").path("finalText").asText();

      assertThat(target).doesNotExist();
      assertThat(code).startsWith("not written");
      assertThat(Files.exists(Path.of("/usr/lib/concert-was-here"))).isFalse();
    }
  }
}
