package dev.concert.platform.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.TestClient;
import dev.concert.testing.TlsServer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that an agent runs in its sandbox, and what they reach of the network. */
@Timeout(300)
class AgentNetworkTurnTest {
  private static @TempDir Path folder;
  private static Vertx vertx;
  private static TlsServer server;
  private static Platform platform;
  private static ProtocolClient client;
  private static TestClient user;

  /** The server has this host's name: loopback names would not go through the proxy. */
  @BeforeAll
  static void start() throws Exception {
    assumeThat(Path.of("/usr/bin/bwrap")).as("bubblewrap").exists();
    InetAddress self = InetAddress.getLocalHost();
    vertx = Vertx.vertx();
    server =
        TlsServer.start(
                vertx,
                Files.createDirectory(folder.resolve("tls")),
                self.getHostName(),
                self.getHostAddress())
            .pythonPackage()
            .gitRepository(
                "/repository.git", Files.createDirectories(folder.resolve("git/source")));
    JsonObject egress =
        new JsonObject()
            .put("policy", "allow-list")
            .put("allow", new JsonArray().add(server.authority()));
    platform =
        Platform.start(
            new PlatformOptions(
                "127.0.0.1",
                0,
                folder.resolve("data"),
                Program.home(),
                new JsonObject().put("coordinator", new JsonObject().put("egress", egress))));
    client = ProtocolClient.connect(platform.url());
    user = TestClient.echo(client);
    run("cat > ca.pem <<'END'\n" + Files.readString(server.certificate()) + "END");
  }

  @AfterAll
  static void stop() {
    if (platform != null) {
      client.close();
      platform.close();
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private static String run(String script) {
    return user.run("!run " + script).path("finalText").asText();
  }

  @Test
  void pipInstallsFromAnAllowedRegistry() {
    assertThat(
            run(
                "python3 -m pip install --quiet --no-cache-dir --disable-pip-version-check"
                    + " --cert ca.pem --index-url %s/simple --target site parcel && cat site/parcel.py"
                        .formatted(server.url())))
        .contains("exit 0", "answer = 42");
  }

  @Test
  void gitClonesFromAnAllowedServer() {
    assertThat(
            run(
                "git -c http.sslCAInfo=ca.pem clone -q %s/repository.git copy && cat copy/readme"
                    .formatted(server.url())))
        .contains("exit 0", "cloned");
  }

  /** As the page does it. */
  @Test
  void aUsersOwnCommandClonesARepositoryIntoAnEmptyWorkspace() throws Exception {
    String session =
        client
            .ask("create_session", Map.of("agentType", "coding-agent", "name", "a clone"))
            .at("/session/id")
            .asText();
    TestClient person = TestClient.join(client, session, 0);
    person.run("/run cat > /tmp/ca.pem <<'END'\n" + Files.readString(server.certificate()) + "END");
    JsonNode end =
        person.run(
            "/run GIT_SSL_CAINFO=/tmp/ca.pem git -c protocol.allow=never"
                + " -c protocol.https.allow=always clone -- '%s/repository.git' ."
                    .formatted(server.url()));

    assertThat(end.path("finalText").asText()).isEqualTo("The command ran.");
    JsonNode readme = client.ask("read_file", Map.of("sessionId", session, "path", "readme"));
    assertThat(readme.path("content").asText()).contains("cloned");
  }

  @Test
  void whatIsNotOnTheListIsRefusedWithASentence() {
    assertThat(run("curl -sS http://example.com/"))
        .contains("The egress policy does not allow example.com:80");
  }

  @Test
  void theGatewayIsOutOfReach() {
    int port = URI.create(platform.url()).getPort();

    assertThat(run("curl -sS --noproxy '*' http://127.0.0.1:%d/health".formatted(port)))
        .contains("exit 7");
    assertThat(run("curl -sS --noproxy '' http://127.0.0.1:%d/health".formatted(port)))
        .contains("The egress policy does not allow 127.0.0.1:" + port);
  }

  @Test
  void ensembleIsReachedForModelsOnly() {
    assertThat(run("curl -sS http://127.0.0.1:3129/admin/keys"))
        .contains("An agent may ask models here, and nothing else.");
    assertThat(run("curl -sS http://127.0.0.1:3129/v1/models")).contains("exit 0", "error");
  }
}
