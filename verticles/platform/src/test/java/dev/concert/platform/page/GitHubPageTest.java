package dev.concert.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.github.GitHubServer;
import dev.concert.testing.Await;
import dev.concert.testing.github.FakeGitHub;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The page of GitHub, and the links between a session and its issue, as a person follows them. */
@ExtendWith(PageExtension.class)
class GitHubPageTest {
  private final Browser browser;
  private final PageServer other;
  @TempDir private Path folder;

  GitHubPageTest(Browser browser, PageServer other) {
    this.browser = browser;
    this.other = other;
  }

  @Test
  void a_person_sees_repositories_and_work_and_goes_from_issue_to_session_and_back() {
    try (GitHubServer server = new GitHubServer(folder)) {
      browser.open(server.url() + "/");
      browser.click(".sessions a[href='/github.html']");
      browser.see("#repositories .empty", "concert github add");
      browser.see("#runs .empty");
      server.connect();
      int issue = server.github.openIssue("engine", "eve", "It is slow", "");

      // The page is told.
      server.deliver(server.github.comment("engine", issue, "bob", "@concert write hello"));
      browser.see("#runs .name", "It is slow");
      Await.until("the pull request", () -> run(server).getString("pullUrl") != null);
      browser.open(server.url() + "/github.html");
      browser.see("#repositories .name", "ada/engine");
      browser.see("#runs a", "Pull request #2");
      verify();
      browser.click("a[href='/github-account.html']");
      browser.see("#link", "You are not linked to an account.");
      verify();
      linkAndUnlink(server);

      browser.open(server.url() + "/github.html");
      browser.click("#runs a[href^='/#session=']");
      browser.see("#work-links a[href='%s']".formatted(run(server).getString("issueUrl")));
      browser.see("#work-links a[href='%s']".formatted(run(server).getString("pullUrl")));
      browser.open(other.url());
    }
  }

  private void linkAndUnlink(GitHubServer server) {
    browser.openUnconnected(server.url() + "/github/oauth/callback?code=guessed&state=guessed");
    browser.see("#problem", "belongs to nothing that you began");
    browser.click("#link-account");
    browser.waitUntil(
        "GitHub asks",
        one -> one.address().startsWith(server.github.web() + "/login/oauth/authorize"));
    String back = server.github.authorize(browser.address(), "bob");
    browser.openUnconnected(back.replace(GitHubServer.PUBLIC, server.url()));
    browser.see("#link", "You are @bob.");
    assertThat(browser.address()).endsWith("/github-account.html");

    assertThat(browser.complaints())
        .as("only the guess, and GitHub's page, which is not played")
        .allMatch(
            line -> line.contains(" 400 ") || line.startsWith(server.github.web().toString()));
    server.github.install("bob", FakeGitHub.INSTALLATION);
    browser.openUnconnected(
        server.url() + "/github/setup?installation_id=" + FakeGitHub.INSTALLATION);
    browser.see("#status", "are connected.");
    verify();
    browser.click("#unlink-account");
    browser.see("#link", "You are not linked to an account.");
  }

  private static JsonObject run(GitHubServer server) {
    return server.get("/api/github/runs").getJsonArray("runs").getJsonObject(0);
  }

  private void verify() {
    for (int width : new int[] {1440, 390}) {
      browser.screen(width, 844);
      Axe.verifyBothSchemes(browser, width + " wide");
      assertThat((Boolean) browser.run("return document.body.scrollWidth <= innerWidth"))
          .as("nothing is wider than %d", width)
          .isTrue();
    }
    browser.screen(1440, 900);
  }
}
