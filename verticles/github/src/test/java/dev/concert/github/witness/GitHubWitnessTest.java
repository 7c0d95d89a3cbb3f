package dev.concert.github.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.github.FakeGitHub;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GitHub's own client, and PyGithub, take the played GitHub for the real one. */
class GitHubWitnessTest {
  @TempDir private Path folder;
  private Path key;

  @BeforeEach
  void keyFile() throws Exception {
    key = Files.writeString(folder.resolve("app.pem"), FakeGitHub.privateKey());
  }

  private FakeGitHub withARepository() throws Exception {
    FakeGitHub github = new FakeGitHub(Files.createDirectory(folder.resolve("git")));
    github.create("engine", Map.of("README.md", "An engine"));
    github.openIssue("engine", "ada", "It is slow", "");
    github.git("engine", "branch", "topic", "main");
    github.push("engine", "topic", Map.of("new.txt", "one\ntwo\n"));
    for (int i = 0; i < 3; i++) {
      github.missed(FakeGitHub.delivery("push", new JsonObject().put("number", i)));
    }
    return github;
  }

  private String[] arguments(FakeGitHub github) {
    return new String[] {
      github.api().toString(),
      Long.toString(FakeGitHub.APP_ID),
      key.toString(),
      Long.toString(FakeGitHub.INSTALLATION)
    };
  }

  @Test
  void githubsOwnClientWorksWithThePlayedGitHubAndUnderstandsItsRefusals() throws Exception {
    try (FakeGitHub github = withARepository()) {
      JsonObject seen = WitnessProgram.node("octokit.mjs", arguments(github));

      assertThat(seen)
          .isEqualTo(
              new JsonObject()
                  .put("slug", FakeGitHub.SLUG)
                  .put("branch", "main")
                  .put("permission", "admin")
                  .put("head", 40)
                  .put("readme", "An engine")
                  .put("comments", List.of("hello 🙂"))
                  .put("reaction", 201)
                  .put("again", List.of(200, 202))
                  .put(
                      "tooMany",
                      "422 | Invalid request.\n\nNo more than 50 items are allowed; 51 were"
                          + " supplied.")
                  .put("noConclusion", "422 | Invalid request.\n\n\"conclusion\" wasn't supplied.")
                  .put("checks", List.of(List.of("x", "success", 52)))
                  .put("noCommit", "422 | No commit found for SHA: " + "0".repeat(40))
                  .put("files", List.of(List.of("new.txt", "added", "@@ -0,0 +1,2 @@\n+one\n+two")))
                  .put("noLine", "422 | Unprocessable Entity | Line could not be resolved")
                  .put("noPath", "422 | Unprocessable Entity | Path could not be resolved")
                  .put(
                      "ownPull",
                      "422 | Unprocessable Entity | Can not approve your own pull request")
                  .put("reviews", List.of(List.of("COMMENTED", "b", true)))
                  .put("onLines", List.of(List.of("new.txt", 2)))
                  .put(
                      "deliveries",
                      List.of(List.of("push", 503), List.of("push", 503), List.of("push", 503)))
                  .put("noDelivery", "404 | Not Found")
                  .put("installation", FakeGitHub.INSTALLATION)
                  .put("draft", true)
                  .put(
                      "twice",
                      "422 | Validation Failed | A pull request already exists for ada:topic.")
                  .put("empty", "422 | Validation Failed | Body cannot be blank")
                  .put("gone", "404 | Not Found")
                  .put(
                      "noReviewer",
                      "422 | Reviews may only be requested from collaborators. One or more of the"
                          + " users or teams you specified is not a collaborator of the ada/engine"
                          + " repository.")
                  .put("bad", "401 | Bad credentials"));
    }
  }

  @Test
  void githubsOwnOAuthClientsGetRenewAndRevokeTokensAtThePlayedGitHub() throws Exception {
    try (FakeGitHub github = withARepository()) {
      String back =
          github.authorize(
              "https://played/login/oauth/authorize?client_id="
                  + FakeGitHub.CLIENT_ID
                  + "&redirect_uri=https%3A%2F%2Fconcert.example.com%2Fback&state=s",
              "ada");

      JsonObject seen =
          WitnessProgram.node(
              "oauth.mjs",
              github.api().toString(),
              FakeGitHub.CLIENT_ID,
              FakeGitHub.CLIENT_SECRET,
              FakeGitHub.parameter(back, "code"),
              "forged");

      assertThat(seen)
          .isEqualTo(
              new JsonObject()
                  .put("expires", 8)
                  .put("login", "ada")
                  .put("twice", "400 | Played: bad_verification_code")
                  .put("forged", "400 | Played: incorrect_client_credentials")
                  .put("renewed", true)
                  .put("old", "400 | Played: bad_refresh_token")
                  .put("checked", "ada")
                  .put("installations", List.of("ada"))
                  .put("deleted", 204)
                  .put("gone", "404 | Not Found")
                  .put("device", "ada"));
    }
  }

  @Test
  void pyGithubWorksWithThePlayedGitHub() throws Exception {
    try (FakeGitHub github = withARepository()) {
      JsonObject seen = WitnessProgram.python("pygithub.py", arguments(github));

      assertThat(seen)
          .isEqualTo(
              new JsonObject()
                  .put("branch", "main")
                  .put("comments", List.of("from Python, edited"))
                  .put("readme", "An engine")
                  .put("permission", "admin")
                  .put("draft", true)
                  .put("twice", List.of(422, "A pull request already exists for ada:topic.")));
    }
  }
}
