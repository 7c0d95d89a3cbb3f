package dev.concert.github.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import dev.concert.testing.github.FakeGitHub;
import dev.concert.testing.github.FakeGitHub.Delivery;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who asks for more once the work is done gets a comment, of which GitHub notifies them: of an
 * edited one it notifies nobody.
 */
class FollowUpTest {
  @TempDir private Path folder;
  private GitHubUnderTest world;
  private FakeGitHub github;
  private int issue;

  @BeforeEach
  void start() {
    world = new GitHubUnderTest(folder);
    github = world.github;
    world.connect();
    issue = github.openIssue("engine", "ada", "It is slow", "");
    world.concert.agent((workspace, _) -> write(workspace, "speed = 2\n", "Twice as fast."));
    world.deliver(github.comment("engine", issue, "bob", "@concert make it fast"));
    world.awaitSaid("I am done");
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private static String write(Path workspace, String text, String answer) {
    try {
      Files.writeString(workspace.resolve("src/engine.py"), text);
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the App wrote on an issue or a pull request. */
  private List<String> said(int number) {
    return github.comments("engine").stream()
        .filter(one -> one.getJsonObject("user").getString("login").equals(FakeGitHub.BOT))
        .filter(one -> one.getString("issue_url").endsWith("/" + number))
        .map(one -> one.getString("body"))
        .toList();
  }

  @Test
  void aQuestionIsAnsweredOnceInACommentThatNamesWhoAsked() {
    assertThat(said(issue)).hasSize(1);
    github.fail("POST /repos/ada/engine/issues/1/comments", FakeGitHub.Fault.CUT_AFTER);
    world.concert.agent((_, _) -> "Because the loop is gone.");
    github.permit("engine", "carol", "write");
    Delivery question = github.comment("engine", issue, "carol", "@concert why is that faster?");

    world.deliver(question);
    Await.until("the answer", () -> said(issue).size() == 2);
    world.deliver(question);
    world.restart();
    world.concert.agent((_, _) -> "There is no other.");
    world.deliver(github.comment("engine", issue, "bob", "@concert is there another loop?"));
    Await.until("the next answer", () -> said(issue).size() == 3);

    assertThat(said(issue).get(1))
        .startsWith("@carol I changed nothing.\n\nBecause the loop is gone.");
    assertThat(said(issue).get(2)).startsWith("@bob I changed nothing.\n\nThere is no other.");
    assertThat(said(issue).getFirst())
        .contains("I am done.", "My changes are in #2", "Twice as fast.")
        .doesNotContain("Because the loop", "no other");
    assertThat(said(2)).isEmpty();
    assertThat(world.concert.prompts()).hasSize(3);
  }

  @Test
  void whatIsAskedOnThePullRequestIsAnsweredThere() {
    world.concert.agent((workspace, _) -> write(workspace, "speed = 3\n", "Now it is three."));

    world.deliver(github.comment("engine", 2, "bob", "@concert make it three"));

    Await.until("the answer", () -> said(2).size() == 1);
    assertThat(said(2).getFirst()).startsWith("@bob Done in ").contains("Now it is three.");
    assertThat(said(issue)).hasSize(1);
  }

  @Test
  void aTurnThatIsStoppedIsAnsweredByTheStatusOnly() {
    world.concert.agent((_, _) -> PlayedConcert.HOLD);
    world.deliver(github.comment("engine", issue, "bob", "@concert rewrite it"));
    Await.until("the turn", () -> world.concert.prompts().size() == 2);
    world.awaitSaid("I work on it");

    world.deliver(github.issue("engine", issue, "bob", "closed", new JsonObject()));

    world.awaitSaid("I was stopped");
    assertThat(said(issue)).hasSize(1);
  }
}
