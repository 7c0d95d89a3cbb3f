package dev.concert.platform.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ServerProcess;
import dev.concert.testing.Await;
import dev.concert.testing.github.FakeGitHub;
import dev.concert.testing.github.FakeGitHub.Delivery;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The real program, which works on a played GitHub and is killed whenever that did something of
 * which the program did not hear yet. Whoever awaits something starts it again.
 */
final class KilledGitHubServer implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final StringBuilder complaints = new StringBuilder();
  private final Object life = new Object();
  private final Path folder;
  private final String webhook;
  private volatile ServerProcess server;
  private volatile int kills;
  private volatile boolean isDead;
  private volatile int planned;
  final FakeGitHub github;

  /**
   * Connects the App of a repository {@code engine} in which Bob may write.
   *
   * @param folder for everything
   * @param files of the repository
   */
  KilledGitHubServer(Path folder, Map<String, String> files) throws Exception {
    this.folder = folder;
    github = new FakeGitHub(Files.createDirectories(folder.resolve("git")));
    github.create("engine", files);
    github.permit("engine", "bob", "write");
    Path agents = Files.createDirectories(folder.resolve("agents"));
    Files.createSymbolicLink(agents.resolve("sdk"), Program.home().resolve("agents/sdk"));
    Files.createSymbolicLink(agents.resolve("colleague"), agent("colleague"));
    addCloner(Files.createDirectories(agents.resolve("coding-agent")));
    Files.writeString(folder.resolve("concert.yaml"), config(agents).encode());
    server = startServer();
    webhook = connect();
  }

  private static Path agent(String name) {
    return Path.of("src/test/resources/agents", name).toAbsolutePath();
  }

  /** In place of the coding agent; no sandbox reaches the played GitHub. */
  private void addCloner(Path agent) throws IOException {
    for (String file : new String[] {"agent.json", "main.py"}) {
      Files.copy(agent("cloner").resolve(file), agent.resolve(file));
    }
    String bundle = agent.resolve("origin.bundle").toString();
    github.git("engine", "bundle", "create", "-q", bundle, "HEAD", "main");
  }

  private JsonObject config(Path agents) {
    return new JsonObject()
        .put(
            "coordinator",
            new JsonObject().put("agents", agents.toString()).put("readyTimeoutMs", 60_000))
        .put(
            "github",
            new JsonObject()
                .put("agent", "colleague")
                .put("apiUrl", github.api().toString())
                .put("webUrl", github.web().toString()));
  }

  private ServerProcess startServer() {
    return ServerProcess.start(
        "up", data(), Map.of(), "--config", folder.resolve("concert.yaml").toString());
  }

  Path data() {
    return folder.resolve("data");
  }

  private String connect() throws Exception {
    JsonObject secrets =
        new JsonObject()
            .put("privateKey", FakeGitHub.privateKey())
            .put("webhookSecret", FakeGitHub.WEBHOOK_SECRET);
    return post(
            "/api/bridges",
            new JsonObject()
                .put("platform", "github")
                .put("name", "Engine")
                .put("settings", new JsonObject().put("appId", "" + FakeGitHub.APP_ID))
                .put("secrets", secrets))
        .getString("webhookPath");
  }

  /** The JSON that answers a POST. */
  JsonObject post(String path, JsonObject body) throws Exception {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create(server.url() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isLessThan(300);
    return new JsonObject(response.body());
  }

  /** What answers; empty while the server is dead. */
  String get(String path) {
    try {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException dead) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  void deliver(Delivery delivery) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + webhook))
            .POST(HttpRequest.BodyPublishers.ofByteArray(delivery.body()));
    delivery.headers().forEach(request::setHeader);
    assertThat(client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(202);
  }

  /** The server dies when GitHub did this, and hears nothing of it. */
  void killAt(String call) {
    planned++;
    github.on(call, this::killServer);
  }

  /** {@code kill -9}, now. */
  void kill() {
    planned++;
    killServer();
  }

  /** Waits for a server that starts: that one is killed. */
  private void killServer() {
    synchronized (life) {
      server.kill();
      kills++;
      isDead = true;
    }
  }

  /** Waits; a server that died is started again meanwhile. */
  void await(String what, BooleanSupplier done) {
    do {
      if (isDead) {
        startAgain();
      }
      Await.until(what, () -> isDead || done.getAsBoolean());
    } while (isDead);
  }

  private void startAgain() {
    synchronized (life) {
      complaints.append(server.complaints());
      server.close();
      isDead = false;
      server = startServer();
    }
  }

  /** Fails unless each kill came that was asked for, and at least one. */
  void assertKilled() {
    assertThat(kills).isEqualTo(planned).isPositive();
  }

  /** What all its processes said on standard error. */
  String complaints() {
    return complaints + server.complaints();
  }

  @Override
  public void close() {
    server.close();
    github.close();
    client.close();
  }
}
