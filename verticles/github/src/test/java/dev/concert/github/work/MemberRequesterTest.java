package dev.concert.github.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridge.GitHubAccountMessages.RemoveLink;
import dev.concert.bus.GitHubAddresses;
import dev.concert.testing.Await;
import dev.concert.testing.github.FakeGitHub;
import dev.concert.testing.log.ExpectedLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is linked to a member works as that member, as long as the link and the member are there. */
class MemberRequesterTest {
  private static final String MEMBER = "anne";

  @TempDir private Path folder;
  private GitHubUnderTest world;
  private FakeGitHub github;
  private int issue;

  @BeforeEach
  void start() {
    world = new GitHubUnderTest(folder);
    github = world.github;
    world.connectFromManifest();
    github.permit("engine", "carol", "write");
    issue = github.openIssue("engine", "bob", "It is slow", "");
    world.link(MEMBER, "bob");
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private void say(String login, String text) {
    assertThat(world.deliver(github.comment("engine", issue, login, text))).isEqualTo(202);
  }

  private static String write(Path workspace, String prompt) {
    try {
      Files.writeString(workspace.resolve("README.md"), prompt.lines().findFirst().orElseThrow());
      return "Done.";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theLinkedMemberIsTheRequesterAndWhoIsNotLinkedWorksAsTheApp() {
    world.concert.agent(MemberRequesterTest::write);
    say("bob", "@concert make it fast");
    world.awaitSaid("I am done");

    assertThat(world.concert.callers())
        .contains("create_session " + MEMBER, "run_turn " + MEMBER, "EXPORT " + MEMBER)
        .noneMatch(call -> call.endsWith(" admin"));
    String branch = github.pulls("engine").getFirst().getJsonObject("head").getString("ref");
    assertThat(github.pulls("engine").getFirst().getJsonArray("requested_reviewers").toString())
        .contains("bob");
    assertThat(trailers(branch)).contains("bob@users.noreply.github.com");

    world.deliver(github.review("engine", 2, "carol", "README.md", 1, "Why?"));
    Await.until("the review is answered", () -> github.reviewComments("engine").size() == 2);

    assertThat(world.concert.callers()).contains("run_turn admin");
    assertThat(trailers(branch))
        .contains("carol@users.noreply.github.com")
        .doesNotContain("bob@users");
    assertThat(world.concert.sessions()).isEqualTo(1);
  }

  private String trailers(String branch) {
    return github.git("engine", "log", "-1", "--format=%(trailers)", branch);
  }

  @Test
  @ExpectedLog(logger = "dev.concert.github.work.TaskRun", message = "Work on a forge is given up")
  void aMemberWhoMayOnlyLookStartsAndStopsAndSteersNothing() {
    world.concert.agent((_, _) -> PlayedConcert.HOLD);
    say("carol", "@concert make it fast");
    world.awaitSaid("I work on it");
    world.concert.demote(MEMBER);

    say("bob", "@concert stop");
    world.awaitSaid("⚠️ Refused: FORBIDDEN.");
    int before = world.concert.callers().size();
    issue = github.openIssue("engine", "bob", "Another", "");
    say("bob", "@concert do it");
    world.awaitSaid("I could not do it");

    assertThat(world.concert.callers().subList(before, world.concert.callers().size()))
        .contains("create_session " + MEMBER)
        .doesNotContain("create_session admin", "run_turn admin", "stop_turn admin");
    assertThat(world.concert.prompts()).hasSize(1);
    assertThat(github.pulls("engine")).isEmpty();
  }

  @Test
  void aLinkThatEndsInATurnEndsWhatIsDoneInTheMembersName() {
    world.concert.agent((_, _) -> PlayedConcert.HOLD);
    say("bob", "@concert make it fast");
    world.awaitSaid("I work on it");

    world.ask(GitHubAddresses.REMOVE_LINK, new RemoveLink(GitHubUnderTest.TENANT, MEMBER));
    int before = world.concert.callers().size();
    world.concert.askPermission("s1");
    Await.until("the permission is refused", () -> !world.concert.answers().isEmpty());
    say("bob", "@concert stop");
    world.awaitSaid("I was stopped");

    assertThat(world.concert.callers().subList(before, world.concert.callers().size()))
        .contains("answer_question admin", "stop_turn admin")
        .noneMatch(call -> call.endsWith(" " + MEMBER));
  }

  @Test
  @ExpectedLog(logger = "dev.concert.github.work.TaskRun", message = "Work on a forge is given up")
  void aMemberWhoIsRemovedInATurnGetsNothingDoneAndTheTurnIsStopped() {
    world.concert.agent((_, _) -> PlayedConcert.HOLD);
    say("bob", "@concert make it fast");
    world.awaitSaid("I work on it");

    world.concert.remove(MEMBER);
    world.awaitSaid("Who asked for it is no member of Concert any more.");
    say("bob", "@concert do it now");
    Await.until(
        "the next turn is refused",
        () -> world.concert.callers().stream().filter(("run_turn " + MEMBER)::equals).count() == 2);

    assertThat(world.concert.callers()).contains("stop_turn admin");
    assertThat(world.concert.prompts()).hasSize(1);
    assertThat(github.pulls("engine")).isEmpty();
  }
}
