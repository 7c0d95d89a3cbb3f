package dev.concert.github.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.automation.EventMessages.EventTaken;
import dev.concert.automation.EventMessages.RepositoryActivity;
import dev.concert.automation.EventMessages.RuleWork;
import dev.concert.bus.AutomationAddresses;
import dev.concert.testing.Await;
import dev.concert.testing.github.FakeGitHub;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the automation engine hears of repositories and of the work that their rules begin. */
class RepositoryHandoverTest {
  private static final String RULES =
      """
      rules:
        - name: bugs
          event: issues
          action: opened
          prompt: Find the bug.
      """;

  @TempDir private Path folder;
  private GitHubUnderTest world;
  private FakeGitHub github;

  @BeforeEach
  void start() {
    world = new GitHubUnderTest(folder);
    github = world.github;
    world.connect(Map.of("permissions", "allow"));
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private static String change(Path workspace, String prompt) {
    try {
      Files.writeString(workspace.resolve("README.md"), "Faster\n");
      return "Done.";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void open(int issue) {
    world.deliver(github.issue("engine", issue, "bob", "opened", new JsonObject()));
  }

  /** The played clock goes on, so that what was not taken is sent again. */
  private void await(String what, BooleanSupplier condition) {
    Await.until(
        what,
        () -> {
          world.clock.advance(Duration.ofSeconds(10));
          return condition.getAsBoolean();
        });
  }

  @Test
  void eventsThatCameWhileTheEngineWasAwayReachItOnceAndInOrderAfterARestart() {
    world.concert.engineIsAway(true);
    for (int i = 0; i < 3; i++) {
      open(github.openIssue("engine", "bob", "Issue " + i, ""));
    }
    world.stop();
    assertThat(world.concert.heard()).isEmpty();

    world.concert.engineIsAway(false);
    world.start();
    await("all events", () -> world.concert.heard().size() == 3);
    open(github.openIssue("engine", "bob", "Now", ""));
    await("the last event", () -> world.concert.heard().size() > 3);

    List<RepositoryActivity> heard = world.concert.heard();
    assertThat(heard).extracting(RepositoryActivity::number).containsExactly(1, 2, 3, 4);
    assertThat(heard).allMatch(event -> event.tenantId().equals(GitHubUnderTest.TENANT));
  }

  @Test
  void theWorkOfARuleIsToldUntilItsEndAlsoWhereTheEngineWasAwayAndThatOfAMentionIsNot() {
    github.push("engine", "main", Map.of(".github/concert.yml", RULES));
    world.concert.agent(RepositoryHandoverTest::change);
    int mentioned = github.openIssue("engine", "ada", "Mentioned", "");
    world.deliver(github.comment("engine", mentioned, "bob", "@concert make it fast"));
    world.awaitSaid("I am done");
    List<RuleWork> told = new CopyOnWriteArrayList<>();
    world.serve(
        AutomationAddresses.TAKE_RULE_WORK,
        work -> {
          told.add(work);
          return Future.succeededFuture(new EventTaken(1));
        });

    open(github.openIssue("engine", "bob", "It is slow", ""));
    await("the end", () -> !told.isEmpty() && told.getLast().state().equals("succeeded"));

    RuleWork end = told.getLast();
    assertThat(told).extracting(RuleWork::workId).containsOnly(end.workId());
    // A state that was not told yet when the next one came is not told any more.
    assertThat(told).extracting(RuleWork::state).isSubsetOf("queued", "running", "succeeded");
    assertThat(end.rule()).isEqualTo("bugs");
    assertThat(end.line()).isEqualTo(2);
    assertThat(end.file()).isEqualTo(".github/concert.yml");
    assertThat(end.prompt()).isEqualTo("Find the bug.");
    assertThat(end.repository()).isEqualTo("ada/engine");
    assertThat(end.owner()).isEqualTo("admin");
    assertThat(end.sessionId()).isEqualTo("s2");
    assertThat(end.pullUrl()).startsWith(github.web() + "/ada/engine/pull/");

    int before = told.size();
    world.restart();
    open(github.openIssue("engine", "bob", "Another", ""));
    await(
        "the next end",
        () ->
            !told.getLast().workId().equals(end.workId())
                && told.getLast().state().equals("succeeded"));
    assertThat(told.subList(before, told.size()))
        .as("what was told is not told again")
        .noneMatch(work -> work.workId().equals(end.workId()));
  }
}
