package dev.concert.github.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bridge.BridgeMessages.ForgetTenant;
import dev.concert.bridge.BridgeMessages.ListBridges;
import dev.concert.bus.GitHubAddresses;
import dev.concert.repository.RepositoryMessages.ListIssueRuns;
import dev.concert.testing.Await;
import dev.concert.testing.github.FakeGitHub;
import dev.concert.testing.github.FakeGitHub.Delivery;
import dev.concert.testing.github.PullEvents;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to repositories, tokens and webhooks while an agent works. */
class FaultTest {
  private static final String PUSH = "POST /ada/engine.git/git-receive-pack";

  private static final String BASE = "a/--upload-pack=x;$(id>pwned)&\"'|#%é";

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
    world.concert.agent((workspace, _) -> write(workspace, "src/engine.py", "speed = 2\n"));
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private static String write(Path workspace, String file, String text) {
    try {
      Files.createDirectories(workspace.resolve(file).getParent());
      Files.writeString(workspace.resolve(file), text);
      return "Done.";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void ask(String text) {
    world.deliver(github.comment("engine", issue, "bob", "@concert " + text));
  }

  private String branch() {
    return github.pulls("engine").getFirst().getJsonObject("head").getString("ref");
  }

  @Test
  void aTokenThatIsRevokedOrEndsInTheMiddleOfAPushIsReplaced() {
    github.on(PUSH, github::revokeTokens);

    ask("make it fast");
    world.awaitSaid("I am done");

    assertThat(github.git("engine", "show", branch() + ":src/engine.py")).isEqualTo("speed = 2");
    assertThat(github.pulls("engine")).hasSize(1);
    assertThat(world.concert.prompts()).hasSize(1);

    world.concert.agent((workspace, _) -> write(workspace, "src/engine.py", "speed = 3\n"));
    github.on(PUSH, () -> world.clock.advance(Duration.ofHours(2)));
    ask("faster");
    Await.until(
        "the second commit",
        () -> github.git("engine", "show", branch() + ":src/engine.py").equals("speed = 3"));
    assertThat(github.git("engine", "rev-list", "--count", "main.." + branch())).isEqualTo("2");
  }

  @Test
  @ExpectedLog(logger = "dev.concert.github.work.TaskRun", message = "Work on a forge is given up")
  void aBranchThatSomebodyTookBackOrRemovedIsNotRestored() {
    for (String change : List.of("back", "away")) {
      issue = github.openIssue("engine", "ada", "It is slow", change);
      ask("make it fast");
      Await.until("the work is done", () -> status().contains("I am done"));
      String branch = branch("concert/issue-" + issue + "-*");
      github.git(
          "engine",
          change.equals("back")
              ? new String[] {"update-ref", "refs/heads/" + branch, "main"}
              : new String[] {"update-ref", "-d", "refs/heads/" + branch});
      world.concert.agent((workspace, _) -> write(workspace, "old.txt", change));
      ask("faster");

      Await.until("it is given up", () -> status().contains("Somebody else moved my branch"));
      assertThat(github.commit("engine", branch))
          .isEqualTo(change.equals("back") ? github.commit("engine", "main") : Optional.empty());
    }
  }

  private String branch(String pattern) {
    return github.git("engine", "branch", "--list", "--format=%(refname:short)", pattern);
  }

  /** The status comment of the issue. */
  private String status() {
    return github.comments("engine").stream()
        .filter(one -> one.getString("issue_url").endsWith("/issues/" + issue))
        .map(one -> one.getString("body"))
        .filter(body -> body.contains("asked me to"))
        .findFirst()
        .orElse("");
  }

  @Test
  @ExpectedLog(logger = "dev.concert.github.work.TaskRun", message = "Work on a forge is given up")
  @ExpectedLog(
      logger = "dev.concert.github.work.TenantWork",
      message = "An event of a forge is given up(?s).*archived")
  @ExpectedLog(
      logger = "dev.concert.foundation.outbox.OutboxDelivery",
      message = "A message to .* is given up: GitHub refused it",
      required = false)
  void whatIsArchivedInTheMiddleIsGivenUpAndNothingBeginsThere() {
    world.concert.agent(
        (workspace, _) -> {
          github.archive("engine");
          return write(workspace, "src/engine.py", "speed = 2\n");
        });
    ask("make it fast");
    Await.until("the run is over", () -> runs().contains("failed"));

    ask("do it again");
    issue = github.openIssue("engine", "ada", "Another", "");
    ask("make it fast");
    Await.until(
        "that is heard",
        () -> github.calls().stream().filter(call -> call.endsWith("/reactions")).count() >= 3);
    assertThat(github.pulls("engine")).isEmpty();
    assertThat(branch("concert/*")).isEmpty();
    assertThat(world.concert.prompts()).hasSize(1);
  }

  private String runs() {
    return world
        .ask(GitHubAddresses.LIST_RUNS, new ListIssueRuns(GitHubUnderTest.TENANT, null, 10))
        .toString();
  }

  @Test
  void whatIsToldInAnotherOrderThanItHappenedEndsAsItIsOnGitHub() {
    Delivery early = github.comment("engine", issue, "bob", "@concert make it fast");
    world.deliver(github.issue("engine", issue, "ada", "closed", new JsonObject()));
    world.deliver(early);
    ask("status");
    world.awaitSaid("I am doing nothing here.");
    assertThat(world.concert.prompts()).isEmpty();

    issue = github.openIssue("engine", "ada", "It is slow", "");
    ask("make it fast");
    world.awaitSaid("I am done");
    int pull = github.pulls("engine").getFirst().getInteger("number");
    Delivery review = github.review("engine", pull, "bob", "src/engine.py", 1, "Why?");
    world.deliver(world.pulls().pull("engine", pull, "bob", "closed", new JsonObject()));
    world.deliver(review);
    world.deliver(github.comment("engine", pull, "bob", "@concert status"));
    Await.until(
        "both are answered",
        () ->
            world.said().stream().filter(one -> one.contains("I am doing nothing here.")).count()
                == 2);
    assertThat(world.concert.prompts()).hasSize(1);
  }

  @Test
  void workGoesOnInARepositoryThatGotAnotherName() {
    AtomicBoolean renamed = new AtomicBoolean();
    world.concert.agent(
        (workspace, _) -> {
          github.rename("engine", "motor");
          renamed.set(true);
          return write(workspace, "src/engine.py", "speed = 2\n");
        });

    ask("make it fast");
    Await.until("the repository has another name", renamed::get);
    Await.until(
        "the comment names the pull request",
        () ->
            github.comments("motor").stream()
                .anyMatch(one -> one.getString("body").contains("My changes are in #2")));
    Await.until(
        "it is done",
        () -> github.comments("motor").getLast().getString("body").contains("I am done"));

    assertThat(github.comments("motor")).hasSize(2);
    assertThat(github.pulls("motor")).hasSize(1);
  }

  @Test
  @ExpectedLog(logger = "dev.concert.github.work.TaskRun", message = "Work on a forge is given up")
  @ExpectedLog(
      logger = "dev.concert.foundation.outbox.OutboxDelivery",
      message = "A message to .* is given up: GitHub refused it",
      required = false)
  void whatAMovedBranchOrADeletedRepositoryDoesNotTakeIsGivenUpAndNotForced() {
    ask("make it fast");
    world.awaitSaid("I am done");
    String branch = branch();
    github.push("engine", branch, Map.of("README.md", "A person was here\n"));
    world.concert.agent((workspace, _) -> write(workspace, "src/engine.py", "speed = 3\n"));
    ask("faster");
    world.awaitSaid("I could not do it");

    assertThat(world.said().getFirst()).contains("Somebody else moved my branch");
    assertThat(github.git("engine", "show", branch + ":README.md")).isEqualTo("A person was here");

    int other = github.openIssue("engine", "ada", "Another", "");
    world.concert.agent(
        (workspace, _) -> {
          github.delete("engine");
          return write(workspace, "src/engine.py", "speed = 4\n");
        });
    world.deliver(github.comment("engine", other, "bob", "@concert do it"));
    Await.until("its name is asked for", () -> github.calls().contains("GET /repositories/500"));
    assertThat(world.concert.sessions()).isEqualTo(2);
  }

  @Test
  void hostileNamesAndWordsAreNamesAndWords() throws Exception {
    world.pulls().renameDefaultBranch("engine", BASE);
    String path = "a \"b\"\n$(touch pwned) -- --output=x/;|&.txt";
    world.concert.agent(
        (workspace, _) -> {
          write(workspace, path, "1");
          write(workspace, "-rf", "2");
          write(workspace, ".GIT/config", "[core] hooksPath = evil");
          write(workspace, "sub/.git/hooks/pre-push", "evil");
          return "<!-- concert:status:x --> ```\n@everyone $(id) \u001b[31m";
        });
    issue = github.openIssue("engine", "ada", "\"; rm -rf /\r\nCo-authored-by: eve <e@e>", "");

    ask("\u0000 ` $(id) <!-- concert:status:y -->" + "x".repeat(70_000));
    world.awaitSaid("I am done");

    assertThat(github.git("engine", "ls-tree", "-r", "-z", "--name-only", branch()).split("\0"))
        .contains(path, "-rf")
        .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains(".git/"));
    assertThat(github.git("engine", "log", "-1", "--format=%(trailers)", branch()))
        .contains("bob")
        .doesNotContain("eve");
    assertThat(world.said()).hasSize(1);
    assertThat(github.pulls("engine").getFirst().getJsonObject("base").getString("ref"))
        .isEqualTo(BASE);
  }

  @Test
  void whatIsSaidOfAPullRequestBeforeItsNumberIsKnownAndTwiceByTwoHooksIsHeardOnce() {
    // GitHub has the pull request before the answer to its opening comes.
    github.on(
        "POST /repos/ada/engine/pulls",
        () -> {
          Delivery review = github.review("engine", 2, "bob", "src/engine.py", 1, "Why?");
          world.deliver(review);
          world.deliver(PullEvents.ofRepository(review));
          world.deliver(review);
        });
    ask("make it fast");

    Await.until("it is answered", () -> github.reviewComments("engine").size() == 2);
    world.awaitSaid("My changes are in #2");
    assertThat(world.concert.prompts()).hasSize(2);
    assertThat(github.pulls("engine")).hasSize(1);
  }

  @Test
  void whatNobodyTookIsDeliveredAgainAfterAStartAndEachIsClaimedOnce() {
    world.stop();
    Delivery first = github.comment("engine", issue, "bob", "@concert make it fast");
    for (int i = 0; i < 120; i++) {
      Delivery other = github.comment("engine", issue, "eve", "hello " + i);
      github.missed(other);
    }
    github.missed(first);
    github.redeliverTo(delivery -> world.deliver(delivery));
    github.missed(FakeGitHub.delivery("ping", new JsonObject()));

    world.start();
    world.awaitSaid("I am done");
    Await.until("each was delivered again", () -> github.deliveries().size() == 2 * 122);
    assertThat(github.deliveries())
        .filteredOn(one -> one.getBoolean("redelivery"))
        .extracting(one -> one.getString("guid"))
        .doesNotHaveDuplicates();
    world.stop();
    world.start();

    assertThat(world.deliver(first)).isEqualTo(202);
    assertThat(world.concert.prompts()).hasSize(1);
    assertThat(github.pulls("engine")).hasSize(1);
  }

  @Test
  void aTenantThatIsDeletedAndAnAppThatIsUninstalledAreForgotten() {
    world.concert.agent((_, _) -> PlayedConcert.HOLD);
    ask("make it fast");
    world.awaitSaid("I work on it");
    world.deliver(world.pulls().installation("deleted"));
    Await.until("the turn is stopped", () -> world.said().toString().contains("I was stopped"));

    int other = github.openIssue("engine", "ada", "Another", "");
    Delivery more = github.comment("engine", other, "bob", "@concert do it");
    world.deliver(more);
    Await.until("another turn runs", () -> world.concert.prompts().size() == 2);
    world.ask(GitHubAddresses.FORGET_TENANT, new ForgetTenant(GitHubUnderTest.TENANT));
    world.ask(GitHubAddresses.FORGET_TENANT, new ForgetTenant(GitHubUnderTest.TENANT));

    assertThat(world.deliver(more)).isEqualTo(404);
    assertThat(
            world.ask(GitHubAddresses.LIST_APPS, new ListBridges(GitHubUnderTest.TENANT)).bridges())
        .isEmpty();
    assertThat(world.data().resolve("github/work").resolve(GitHubUnderTest.TENANT)).doesNotExist();
    // Its App can be connected anew.
    world.connect();
  }
}
