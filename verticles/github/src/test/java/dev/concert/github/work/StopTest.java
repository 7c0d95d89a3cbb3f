package dev.concert.github.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.Await;
import dev.concert.testing.github.FakeGitHub;
import io.vertx.core.Promise;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An orderly stop while a comment is being written. */
class StopTest {
  @TempDir private Path folder;

  @Test
  void aCommentThatGitHubTakesDuringTheStopIsKnownAtTheNextStart() {
    try (GitHubUnderTest world = new GitHubUnderTest(folder)) {
      FakeGitHub github = world.github;
      world.connect();
      int issue = github.openIssue("engine", "ada", "It is slow", "");
      String comments = "/repos/ada/engine/issues/%d/comments".formatted(issue);
      Promise<Void> ended = Promise.promise();
      github.on("POST " + comments, () -> world.beginStop().onComplete(ended));
      world.deliver(github.comment("engine", issue, "bob", "@concert status"));
      Await.until("the end", () -> ended.future().isComplete());

      world.start();
      world.deliver(github.comment("engine", issue, "bob", "@concert status"));
      Await.until("the second comment", () -> world.said().size() == 2);
      assertThat(github.calls()).doesNotContain("GET " + comments);
    }
  }
}
