package dev.concert.platform.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.TestClient;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent's own git in a real sandbox: what it can do, and what it is told where it cannot. */
@Timeout(300)
class OriginInASandboxTest {
  private static @TempDir Path folder;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static FakeGitHub github;
  private static Platform platform;
  private static String webhook;

  @BeforeAll
  static void start() throws Exception {
    assumeThat(Path.of("/usr/bin/bwrap")).as("bubblewrap").exists();
    github = new FakeGitHub(Files.createDirectories(folder.resolve("git")));
    github.create(
        "engine",
        Map.of(
            "README.md",
            "An engine\n",
            "src/engine.py",
            "speed = 1\n",
            ".github/concert.yml",
            "submodules: [lib, hidden]\n"));
    github.create("other", Map.of("README.md", "Not for this run\n"));
    github.create("lib", Map.of("README.md", "A library\n"));
    github.create("hidden", Map.of("README.md", "Not for this run\n"));
    github.create("media", Map.of(".github/concert.yml", "lfs: true\n"));
    github.permit("media", "bob", "write");
    github.permit("hidden", "bob", "none");
    github.permit("engine", "bob", "write");
    platform = Platform.start(options());
    webhook =
        new JsonObject(
                send(
                        "/api/bridges",
                        new JsonObject()
                            .put("platform", "github")
                            .put("name", "Engine")
                            .put(
                                "settings",
                                new JsonObject().put("appId", Long.toString(FakeGitHub.APP_ID)))
                            .put(
                                "secrets",
                                new JsonObject()
                                    .put("privateKey", FakeGitHub.privateKey())
                                    .put("webhookSecret", FakeGitHub.WEBHOOK_SECRET)))
                    .body())
            .getString("webhookPath");
  }

  @AfterAll
  static void stop() {
    if (platform != null) {
      platform.close();
      github.close();
    }
  }

  private static PlatformOptions options() throws IOException {
    Path agents = Files.createDirectories(folder.resolve("agents"));
    Files.createSymbolicLink(agents.resolve("sdk"), Program.home().resolve("agents/sdk"));
    Files.createSymbolicLink(
        agents.resolve("courier"), Path.of("src/test/resources/agents/courier").toAbsolutePath());
    JsonObject config =
        new JsonObject()
            .put("coordinator", new JsonObject().put("agents", agents.toString()))
            .put(
                "github",
                new JsonObject()
                    .put("agent", "courier")
                    .put("apiUrl", github.api().toString())
                    .put("webUrl", github.web().toString()));
    return new PlatformOptions("127.0.0.1", 0, folder.resolve("data"), Program.home(), config);
  }

  private static HttpResponse<String> send(String path, JsonObject body) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(platform.url() + path))
            .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** A person has the agent of a new issue run this; gives what it says at its end. */
  private static String run(String title, String script) throws Exception {
    return run("engine", title, script);
  }

  private static String run(String repository, String title, String script) throws Exception {
    int issue = github.openIssue(repository, "bob", title, "");
    Delivery mention = github.comment(repository, issue, "bob", "@concert [[[" + script + "]]]");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(platform.url() + webhook))
            .POST(HttpRequest.BodyPublishers.ofByteArray(mention.body()));
    mention.headers().forEach(request::setHeader);
    assertThat(CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(202);
    Await.until(title + ": it is over", () -> status(repository, issue).contains("I am done"));
    return status(repository, issue);
  }

  private static String status(String repository, int issue) {
    return github.comments(repository).stream()
        .filter(one -> one.getString("issue_url").endsWith("/issues/" + issue))
        .map(one -> one.getString("body"))
        .filter(body -> body.contains("asked me to work"))
        .findFirst()
        .orElse("");
  }

  @Test
  void theWorkspaceIsACloneAndWhatTheAgentPushesIsInThePullRequestWithWhatItLeft()
      throws Exception {
    String said =
        run(
            "own commits",
            """
            set -e
            git status -sb
            git fetch -q --unshallow
            git rev-parse --abbrev-ref HEAD origin/main
            echo hello >> README.md
            git commit -qam 'My own commit'
            git push -q origin HEAD
            git commit -q --amend -m 'Another commit'
            git push --force origin HEAD 2>&1 || true
            git reset -q --hard 'HEAD@{1}'
            echo more >> README.md
            git commit -qam 'My next commit'
            git push -q origin HEAD
            echo left > left.txt
            """);

    assertThat(said)
        .contains("## concert/issue-", "origin/main", "exit 0")
        .contains("This push would take commits off the branch. Fetch, and go on from there.");
    String branch = branch("engine", "own commits");
    assertThat(github.git("engine", "log", "--format=%an: %s", "main.." + branch).lines())
        .hasSize(3)
        .contains(FakeGitHub.BOT + ": My own commit", FakeGitHub.BOT + ": My next commit");
    assertThat(github.git("engine", "diff", "--name-only", "main", branch).lines())
        .containsExactly("README.md", "left.txt");
  }

  private static String branch(String repository, String title) {
    return github.pulls(repository).stream()
        .filter(one -> one.getString("title").equals(title))
        .findFirst()
        .orElseThrow()
        .getJsonObject("head")
        .getString("ref");
  }

  @Test
  void filesOfGitLfsArePushedWithTheOwnBranchAndReadAgainWithoutASecretInTheSandbox()
      throws Exception {
    assumeThat(Path.of("/usr/bin/git-lfs")).as("git-lfs").exists();
    String said =
        run(
            "media",
            "a model",
            """
            exec 2>&1
            git lfs install --local
            git lfs track '*.bin'
            head -c 300000 /dev/zero | tr '\\0' x > model.bin
            git add -A && git commit -qm 'A model'
            git push origin HEAD:main
            GIT_TRACE=1 GIT_CURL_VERBOSE=1 git push origin HEAD > push.log 2>&1 || cat push.log
            grep -aicE 'RemoteAut[h]|gh[lsup]_[0-9a-z]|beare[r]' push.log
            rm -rf push.log .git/lfs model.bin && git checkout -q model.bin
            wc -c model.bin && git status --short
            echo left > left.txt
            """);

    assertThat(said)
        .contains("This run may push to concert/issue-1-", "\n0\n300000 model.bin", "exit 0")
        .doesNotContain("[new branch]      HEAD -> main");
    String branch = branch("media", "a model");
    assertThat(github.git("media", "diff", "--name-only", "main", branch).lines())
        .containsExactly(".gitattributes", "left.txt", "model.bin");
    assertThat(github.git("media", "log", "--format=%s", "main.." + branch).lines()).hasSize(2);
    assertThat(github.git("media", "show", branch + ":model.bin"))
        .startsWith("version https://git-lfs.github.com/spec/v1")
        .endsWith("size 300000");
    assertThat(github.git("media", "lfs", "fsck", "--objects", branch)).contains("fsck OK");
  }

  @Test
  void otherRepositoriesAndBranchesAreRefusedWithASentenceAndNoTokenIsInTheSandbox()
      throws Exception {
    String main = github.git("engine", "rev-parse", "main");
    String said =
        run(
            "hostile",
            """
            exec 2>&1
            git commit -q --allow-empty -m attack
            git push origin HEAD:main HEAD:refs/tags/v9
            git push origin :main
            git push --force origin HEAD:refs/heads/concert/issue-99
            git clone http://git.concert/ada/other.git other
            git clone http://git.concert/ada/hidden.git hidden
            git submodule add -q ../lib.git lib && cat lib/README.md
            git -C lib commit -q --allow-empty -m attack; git -C lib push origin HEAD
            git rm -qf lib
            git clone http://git.concert/ada/engine.git/../other.git other
            git ls-remote https://git.concert/ada/engine.git
            curl -sS http://git.concert/ada/engine.git/info/lfs/objects/batch
            curl -sS http://git.concert/ada/engine.git/config
            printf 'protocol=http\\nhost=git.concert\\n\\n' | GIT_TERMINAL_PROMPT=0 git credential fill
            GIT_TRACE_CURL=1 GIT_TRACE_REDACT=0 git ls-remote origin 2>&1 | grep -i 'authorizatio[n]'
            (env; cat /proc/*/environ /proc/*/cmdline; cat .git/config) 2>/dev/null | tr '\\0' '\\n' | grep -aiE 'gh[sup]_[0-9]|beare[r] |x-acces[s]-token'
            grep -srlE 'gh[sup]_[0-9]' . /tmp "$HOME"
            git clone -q --filter=blob:none --no-checkout http://git.concert/ada/engine.git part
            echo missing $(git -C part rev-list --objects --missing=print HEAD | grep -c '^?')
            git -C part checkout -q main && cat part/src/engine.py
            rm -rf part
            """);

    assertThat(said)
        .contains(
            "! [remote rejected] HEAD -> main (This run may push to concert/issue-",
            "! [remote rejected] HEAD -> v9",
            "! [remote rejected] main (This run may push",
            "! [remote rejected] HEAD -> concert/issue-99",
            "remote: This run reaches the repository ada/engine only.",
            "A library",
            "Git LFS is not served here: its files stay pointers.",
            "missing 3",
            "speed = 1")
        .doesNotContain("Authorization", "Bearer", "ghs_", "x-access-token", "password=")
        .doesNotContain("Not for this run");
    assertThat(github.git("engine", "rev-parse", "main")).isEqualTo(main);
    assertThat(github.git("engine", "branch", "--list", "concert/issue-99")).isEmpty();
    assertThat(github.git("engine", "tag")).isEmpty();
    assertThat(github.gitCalls())
        .noneMatch(call -> call.matches(".*/ada/(other|hidden).*"))
        .noneMatch(call -> call.contains("/ada/lib.git/git-receive-pack"));
  }

  @Test
  void anotherSessionHasNoRepository() throws Exception {
    try (ProtocolClient client = ProtocolClient.connect(platform.url())) {
      String session =
          client
              .ask("create_session", Map.of("agentType", "courier", "name", "a stranger"))
              .at("/session/id")
              .asText();

      String said =
          TestClient.join(client, session, 0)
              .run("[[[git ls-remote http://git.concert/ada/engine.git]]]")
              .path("finalText")
              .asText();

      assertThat(said).contains("remote: This session works on no issue that is open");
    }
  }
}
