package dev.concert.github.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import dev.concert.testing.github.FakeGitHub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The service ends in the middle: what it asked for last is done, and it never hears of it. {@code
 * -Dconcert.github.cuts=1,2,3} has other places.
 */
class CutWorkTest {
  @TempDir private Path folder;

  static List<Integer> cuts() {
    return Arrays.stream(System.getProperty("concert.github.cuts", "2,4").split(","))
        .map(Integer::valueOf)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void whatWasCutGoesOnWithOneSessionOneBranchOnePullRequestAndEachCommentOnce(int calls) {
    try (GitHubUnderTest world = new GitHubUnderTest(folder)) {
      FakeGitHub github = world.github;
      world.connect();
      int issue = github.openIssue("engine", "ada", "It is slow", "");
      world.concert.agent(CutWorkTest::change);
      // The places at which GitHub does something that could be doubled.
      github.fail("POST /repos/ada/engine/check-runs", FakeGitHub.Fault.CUT_AFTER);
      github.fail("POST /repos/ada/engine/issues/1/comments", FakeGitHub.Fault.CUT_AFTER);
      github.fail("POST /repos/ada/engine/pulls", FakeGitHub.Fault.CUT_AFTER);
      world.concert.loseAnswersAfter(calls);

      world.deliver(github.comment("engine", issue, "bob", "@concert make it fast"));
      Await.until("the answers are lost", world.concert::losesAnswers);
      world.restart();

      Await.until(
          "the status comment names the pull request",
          () ->
              github.comments("engine").stream()
                  .anyMatch(one -> one.getString("body").contains("My changes are in #2")));
      assertThat(github.comments("engine")).hasSize(2);
      Await.until(
          "the check is over",
          () ->
              github.checks("engine").stream()
                  .anyMatch(one -> one.getString("status").equals("completed")));
      assertThat(github.checks("engine")).hasSize(1);
      assertThat(github.pulls("engine")).hasSize(1);
      assertThat(world.concert.sessions()).isEqualTo(1);
      assertThat(world.concert.prompts()).hasSize(1);
      assertThat(github.git("engine", "branch", "--list", "concert/*").lines()).hasSize(1);
    }
  }

  private static String change(Path workspace, String prompt) {
    try {
      Files.writeString(workspace.resolve("README.md"), "Faster\n");
      return "Done.";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
