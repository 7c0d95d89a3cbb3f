package dev.concert.platform.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.forge.FakeGitLab;
import dev.concert.testing.forge.FakeGitea;
import dev.concert.testing.forge.PlayedForge;
import dev.concert.testing.forge.PlayedForge.Change;
import dev.concert.testing.forge.PlayedForge.Delivery;
import dev.concert.testing.forge.PlayedForge.Written;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same as {@link KilledIssueTest} on GitLab and on Gitea: {@code kill -9} at one place, and
 * with {@code -Dconcert.github.kills=true} at each.
 */
class KilledForgeTest {
  private static final String PUSH = "POST /.*/git-receive-pack";
  private static final String CLONE = "POST /.*/git-upload-pack";

  /** The forges, and the calls that change something there. */
  enum Kind {
    GITLAB(
        ".gitlab/concert.yml",
        "POST .*/merge_requests",
        "POST .*/award_emoji",
        "POST .*/issues/1/notes",
        "PUT .*/merge_requests/1",
        "POST .*/statuses/.*",
        "POST .*/merge_requests/1/notes"),
    GITEA(
        ".gitea/concert.yml",
        "POST .*/pulls",
        "POST .*/reactions",
        "POST .*/issues/1/comments",
        "POST .*/requested_reviewers",
        "POST .*/statuses/.*",
        "POST .*/issues/2/comments");

    private final String rules;
    private final String change;
    private final String reaction;
    private final String comment;
    private final String reviewer;
    private final String status;
    private final String answer;

    Kind(
        String rules,
        String change,
        String reaction,
        String comment,
        String reviewer,
        String status,
        String answer) {
      this.rules = rules;
      this.change = change;
      this.reaction = reaction;
      this.comment = comment;
      this.reviewer = reviewer;
      this.status = status;
      this.answer = answer;
    }

    private PlayedForge open(Path folder) {
      return this == GITLAB ? new FakeGitLab(folder) : new FakeGitea(folder);
    }
  }

  @TempDir private Path folder;
  private PlayedForge forge;
  private KilledWorkServer server;

  private void start(Kind kind) throws Exception {
    forge = kind.open(Files.createDirectories(folder.resolve("git")));
    forge.create(
        Map.of(
            "README.md",
            "An engine\n",
            kind.rules,
            "checks:\n  - name: says hello\n    run: grep hello README.md\n"));
    forge.permit("bob", true);
    JsonObject section = new JsonObject().put(forge.platform() + "Url", forge.web().toString());
    server = new KilledWorkServer(folder, forge::on);
    server.makeAgents();
    server.start(new JsonObject().put("forges", section));
    if (Boolean.getBoolean("concert.github.kills")) {
      server.dieAtEachStep();
    }
    server.connect(
        forge.platform(),
        new JsonObject(),
        new JsonObject()
            .put("token", forge.token())
            .put("webhookSecret", PlayedForge.WEBHOOK_SECRET));
  }

  @AfterEach
  void stop() {
    server.close();
    forge.close();
  }

  private void deliver(Delivery delivery) throws Exception {
    server.deliver(delivery.headers(), delivery.body());
  }

  /** What the account wrote. */
  private List<Written> said() {
    return forge.comments().stream().filter(one -> one.author().equals(forge.bot())).toList();
  }

  private boolean isSaid(String text) {
    return said().stream().anyMatch(one -> one.text().contains(text));
  }

  private boolean isGreen(String commit) {
    return forge.statuses().stream()
        .filter(one -> one.commit().equals(commit))
        .anyMatch(one -> one.state().equals("success"));
  }

  @ParameterizedTest
  @EnumSource
  void thereIsOneBranchOneChangeRequestAndEachCommentOnceAndNoTokenIsAnywhere(Kind kind)
      throws Exception {
    start(kind);
    int issue = forge.openIssue("bob", "The README is short", "");
    Delivery mention = forge.comment(issue, false, "bob", "@concert write hello");
    server.killAt(kind.change);
    server.killAtEach(kind.reaction, kind.comment, CLONE, PUSH, kind.reviewer, kind.status);

    deliver(mention);
    server.await("the status comment names the change", () -> isSaid("My changes are in"));
    server.await("the work is done", () -> isSaid("I am done"));
    Change change = forge.changes().getFirst();
    String first = forge.git("rev-parse", change.branch());
    server.await("the first commit is green", () -> isGreen(first));

    Delivery more = forge.comment(change.number(), true, "bob", "@concert write world");
    server.killAtEach(PUSH, kind.answer, kind.status);
    deliver(more);
    server.await("the answer", () -> isSaid("@bob Done in "));
    String second = forge.git("rev-parse", change.branch());
    server.await("the second commit is green", () -> isGreen(second));

    assertThat(forge.git("show", second + ":README.md")).isEqualTo("An engine\nhello\nworld");
    assertThat(forge.git("rev-list", "--count", "main.." + change.branch())).isEqualTo("2");
    assertThat(forge.git("branch", "--list", "concert/*").lines()).hasSize(1);
    assertThat(forge.changes()).hasSize(1);
    assertThat(change.reviewers()).containsExactly("bob");
    assertThat(said()).as("the status and the answer").hasSize(2);
    assertThat(forge.reactions()).hasSize(2);
    server.assertKilled();
    server.assertNoSecretIsAnywhere(List.of(forge.token()));
  }
}
