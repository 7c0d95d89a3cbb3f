package dev.concert.platform.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.harness.Program;
import dev.concert.testing.github.FakeGitHub;
import dev.concert.testing.github.FakeGitHub.Delivery;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A whole platform beside a played GitHub, whose App it knows or not. */
public final class GitHubServer implements AutoCloseable {
  /** Where GitHub thinks that it is. */
  public static final String PUBLIC = "https://concert.example.com";

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path folder;
  private final Platform platform;
  public final FakeGitHub github;
  private String webhook;

  /**
   * @param folder for everything
   */
  public GitHubServer(Path folder) {
    this.folder = folder;
    try {
      this.github = new FakeGitHub(Files.createDirectories(folder.resolve("git")));
      github.create("engine", Map.of("README.md", "An engine\n", "src/engine.py", "speed = 1\n"));
      github.permit("engine", "bob", "write");
      this.platform = Platform.start(options());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PlatformOptions options() throws IOException {
    Path agents = Files.createDirectories(folder.resolve("agents"));
    Files.createSymbolicLink(agents.resolve("sdk"), Program.home().resolve("agents/sdk"));
    Files.createSymbolicLink(
        agents.resolve("colleague"),
        Path.of("src/test/resources/agents/colleague").toAbsolutePath());
    JsonObject section =
        new JsonObject()
            .put("agent", "colleague")
            .put("apiUrl", github.api().toString())
            .put("webUrl", github.web().toString())
            .put("publicUrl", PUBLIC);
    JsonObject config =
        new JsonObject()
            .put("coordinator", new JsonObject().put("agents", agents.toString()))
            .put("github", section);
    return new PlatformOptions("127.0.0.1", 0, folder.resolve("data"), Program.home(), config);
  }

  public String url() {
    return platform.url();
  }

  /** Webhooks of this connection are delivered from now on. */
  public void hasWebhook(String path) {
    webhook = path;
  }

  /** Connects the App. */
  public void connect() {
    JsonObject secrets =
        new JsonObject()
            .put("privateKey", FakeGitHub.privateKey())
            .put("webhookSecret", FakeGitHub.WEBHOOK_SECRET)
            .put("clientSecret", FakeGitHub.CLIENT_SECRET);
    hasWebhook(
        call(
                "POST",
                "/api/bridges",
                201,
                new JsonObject()
                    .put("platform", "github")
                    .put("name", "Engine")
                    .put("settings", settings())
                    .put("secrets", secrets))
            .getString("webhookPath"));
  }

  private static JsonObject settings() {
    return new JsonObject()
        .put("appId", "" + FakeGitHub.APP_ID)
        .put("clientId", FakeGitHub.CLIENT_ID);
  }

  public void deliver(Delivery delivery) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(platform.url() + webhook))
            .POST(HttpRequest.BodyPublishers.ofByteArray(delivery.body()));
    delivery.headers().forEach(request::setHeader);
    assertThat(send(request.build()).statusCode()).isEqualTo(202);
  }

  /** The JSON that answers; fails unless the status is that one. */
  public JsonObject call(String method, String path, int status, JsonObject body) {
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder(URI.create(platform.url() + path))
                .method(
                    method,
                    body.isEmpty()
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body.encode()))
                .build());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return new JsonObject(response.body());
  }

  public JsonObject get(String path) {
    return call("GET", path, 200, new JsonObject());
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  @Override
  public void close() {
    platform.close();
    github.close();
    client.close();
  }
}
