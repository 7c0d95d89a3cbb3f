package dev.concert.github.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.forge.FakeGitLab;
import dev.concert.testing.forge.FakeGitea;
import dev.concert.testing.forge.PlayedForge;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of GitLab and Gitea take the played ones for real, and understand their refusals. */
class ForgeWitnessTest {
  @TempDir private Path folder;

  private static String[] withARepository(PlayedForge forge) {
    forge.create(Map.of("README.md", "An engine"));
    forge.permit("bob", true);
    forge.openIssue("bob", "It is slow", "");
    forge.git("branch", "topic", "main");
    String commit = forge.push("topic", Map.of("new.txt", "one\n"));
    return new String[] {forge.web().toString(), forge.token(), forge.repository(), commit};
  }

  @Test
  void pythonGitLabWorksWithThePlayedGitLab() throws Exception {
    try (FakeGitLab gitlab = new FakeGitLab(folder)) {
      JsonObject seen = WitnessProgram.python("python_gitlab.py", withARepository(gitlab));

      String again =
          "Cannot transition status via :run from :running (Reason(s): Status cannot transition"
              + " via \"run\")";
      assertThat(seen)
          .isEqualTo(
              new JsonObject()
                  .put("user", gitlab.bot())
                  .put("scopes", List.of("api", "write_repository"))
                  .put("branch", "main")
                  .put("head", true)
                  .put("readme", "An engine")
                  .put("levels", List.of(30))
                  .put("notes", List.of("hello 🙂"))
                  .put("draft", true)
                  .put("listed", 1)
                  .put("running", "running")
                  .put("again", List.of(400, again))
                  .put("done", "success")
                  .put(
                      "twice",
                      List.of(
                          409,
                          "['Another open merge request already exists for this source branch:"
                              + " !1']"))
                  .put(
                      "emoji",
                      List.of(404, "404 Award Emoji Name has already been taken Not Found"))
                  .put(
                      "empty", List.of(400, "400 Bad request - Note {:note=>[\"can't be blank\"]}"))
                  .put("gone", List.of(404, "404 Branch Not Found"))
                  .put("nowhere", List.of(404, "404 Project Not Found"))
                  .put("bad", List.of(401, "401 Unauthorized")));
    }
  }

  @Test
  void giteasClientWorksWithThePlayedGitea() throws Exception {
    try (FakeGitea gitea = new FakeGitea(folder)) {
      JsonObject seen = WitnessProgram.node("gitea.mjs", withARepository(gitea));

      assertThat(seen)
          .isEqualTo(
              new JsonObject()
                  .put("login", gitea.bot())
                  .put("branch", "main")
                  .put("permission", "write")
                  .put("head", true)
                  .put("readme", "An engine")
                  .put("comments", List.of("hello 🙂"))
                  .put("reaction", 201)
                  .put("draft", true)
                  .put("listed", 1)
                  .put("status", "success")
                  .put("ahead", 1)
                  .put("twice", "409 | pull request already exists for these targets")
                  .put("empty", "422 | [Body]: Required")
                  .put("nobody", "404 | user does not exist [uid: 0, name: nobody]")
                  .put("gone", "404 | The target couldn't be found.")
                  .put("bad", "401 | invalid username, password or token"));
    }
  }
}
