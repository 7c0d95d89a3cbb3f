package dev.concert.platform.github;

import dev.concert.testing.github.FakeGitHub;
import dev.concert.testing.github.FakeGitHub.Delivery;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The real program, which works on a played GitHub. */
final class KilledGitHubServer extends KilledWorkServer {
  final FakeGitHub github;

  /**
   * Connects the App of a repository {@code engine} in which Bob may write.
   *
   * @param folder for everything
   * @param files of the repository
   */
  KilledGitHubServer(Path folder, Map<String, String> files) throws Exception {
    this(folder, new FakeGitHub(Files.createDirectories(folder.resolve("git"))), files);
  }

  private KilledGitHubServer(Path folder, FakeGitHub github, Map<String, String> files)
      throws Exception {
    super(folder, github::on);
    this.github = github;
    github.create("engine", files);
    github.permit("engine", "bob", "write");
    addCloner(Files.createDirectories(makeAgents().resolve("coding-agent")));
    JsonObject section =
        new JsonObject()
            .put("apiUrl", github.api().toString())
            .put("webUrl", github.web().toString());
    start(new JsonObject().put("github", section));
    connect(
        "github",
        new JsonObject().put("appId", "" + FakeGitHub.APP_ID),
        new JsonObject()
            .put("privateKey", FakeGitHub.privateKey())
            .put("webhookSecret", FakeGitHub.WEBHOOK_SECRET));
  }

  /** In place of the coding agent; no sandbox reaches the played GitHub. */
  private void addCloner(Path agent) throws IOException {
    for (String file : new String[] {"agent.json", "main.py"}) {
      Files.copy(agent("cloner").resolve(file), agent.resolve(file));
    }
    String bundle = agent.resolve("origin.bundle").toString();
    github.git("engine", "bundle", "create", "-q", bundle, "HEAD", "main");
  }

  void deliver(Delivery delivery) throws Exception {
    deliver(delivery.headers(), delivery.body());
  }

  @Override
  public void close() {
    super.close();
    github.close();
  }
}
