package dev.concert.github.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import dev.concert.testing.github.FakeGitHub;
import dev.concert.testing.github.FakeGitHub.Delivery;
import dev.concert.testing.github.PullEvents;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people ask and answer on an issue, beside work. */
class IssueConversationTest {
  @TempDir private Path folder;
  private GitHubUnderTest world;
  private FakeGitHub github;
  private int issue;

  @BeforeEach
  void start() {
    world = new GitHubUnderTest(folder);
    github = world.github;
    world.connect(Map.of("permissions", "ask"));
    issue = github.openIssue("engine", "bob", "It is slow", "Please.");
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private void say(String login, String text) {
    assertThat(world.deliver(github.comment("engine", issue, login, text))).isEqualTo(202);
  }

  private List<String> ours() {
    return github.comments("engine").stream()
        .filter(one -> one.getJsonObject("user").getString("login").equals(FakeGitHub.BOT))
        .map(one -> one.getString("body"))
        .toList();
  }

  private void awaitComment(String text) {
    Await.until(
        "a comment with '" + text + "'", () -> ours().stream().anyMatch(one -> one.contains(text)));
  }

  @Test
  void commandsAreAnsweredToPeopleWithWriteAccessAndBeginNoWork() {
    say("mallory", "@concert help");
    say("bob", "@concert help");
    awaitComment("`@concert status`: what I am doing here");
    say("bob", "@concert status");
    awaitComment("I am doing nothing here.");
    say("bob", "@concert model");
    awaitComment("I use `small` here. There are: `small`, `large`.");
    assertThat(ours()).hasSize(3);
    assertThat(world.concert.prompts()).isEmpty();
    // The webhook of a repository, which says nothing of the App.
    Delivery asked = github.comment("engine", issue, "bob", "@concert status");
    assertThat(world.deliver(PullEvents.ofRepository(asked))).isEqualTo(202);
    world.deliver(asked);
    Await.until("it is answered", () -> ours().size() == 4);
    world.concert.agent((_, _) -> PlayedConcert.HOLD);
    say("bob", "@concert help me with the engine");
    Await.until("a turn", () -> world.concert.prompts().size() == 1);
    say("bob", "@concert status");
    awaitComment("I am working on it.");
    say("bob", "@concert stop");
    say("bob", "@concert status");
    awaitComment("I am doing nothing here.");
  }

  @Test
  void aPermissionIsAskedForOnTheIssueAndOnlyWhoMayWriteGivesItAlsoAfterARestart() {
    world.concert.agent((_, _) -> PlayedConcert.HOLD);
    say("bob", "@concert make it fast");
    Await.until("a turn", () -> world.concert.prompts().size() == 1);
    world.concert.askPermission("s1");
    awaitComment("**May I use `bash`?**");
    awaitComment("Answer `@concert yes 1` or `@concert no 1`.");
    assertThat(world.concert.answers()).isEmpty();
    say("mallory", "@concert yes");
    world.restart();
    Delivery yes = github.comment("engine", issue, "bob", "@concert yes 1");
    world.deliver(PullEvents.ofRepository(yes));
    Await.until("an answer", () -> world.concert.answers().size() == 1);
    assertThat(world.concert.answers().getFirst().path("approved").asBoolean()).isTrue();
    assertThat(world.concert.answers().getFirst().path("questionId").asText()).isEqualTo("q1");
    awaitComment("_Allowed._");
    // The webhook of the App tells the same comment.
    world.deliver(yes);
    say("bob", "@concert status");
    awaitComment("I am working on it.");
    assertThat(world.concert.answers()).hasSize(1);
    assertThat(ours().stream().filter(one -> one.contains("May I use"))).hasSize(1);
    assertThat(world.concert.prompts()).hasSize(1);
    assertThat(world.concert.steered()).isEmpty();
  }
}
