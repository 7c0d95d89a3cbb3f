package dev.concert.github.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.GitHubAddresses;
import dev.concert.repository.RepositoryMessages.PublishBranch;
import dev.concert.repository.RepositoryMessages.PublishedPull;
import dev.concert.testing.github.FakeGitHub;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs of automations made becomes a branch and a draft of a pull request, each once. */
class BranchPublicationTest {
  private static final String OPEN = "POST /repos/ada/engine/pulls";
  private static final String TOKEN = "POST /app/installations/7/access_tokens";

  @TempDir private Path folder;
  private GitHubUnderTest world;

  @BeforeEach
  void start() {
    world = new GitHubUnderTest(folder);
    world.connect();
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** What a run made of a clone with {@code main}; in a sandbox git makes the same bundle. */
  private String bundle(String branch) throws Exception {
    Path clone = folder.resolve("clone-" + branch.replace('/', '-'));
    String origin = world.github.git("engine", "rev-parse", "--absolute-git-dir").strip();
    git(folder, "clone", "-q", "--depth=1", "file://" + origin, clone.toString());
    Files.writeString(clone.resolve("README.md"), "A fast engine\n");
    git(clone, "checkout", "-q", "-B", branch);
    git(clone, "commit", "-q", "-a", "-m", "Faster");
    git(clone, "bundle", "create", "-q", "run.bundle", branch, "--not", "--remotes");
    return Base64.getEncoder().encodeToString(Files.readAllBytes(clone.resolve("run.bundle")));
  }

  private static void git(Path in, String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new java.util.ArrayList<>(
            List.of("git", "-c", "user.name=Concert", "-c", "user.email=concert@localhost"));
    command.addAll(List.of(arguments));
    Process git =
        new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true).start();
    String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).as(said).isZero();
  }

  private PublishBranch wanted(String branch) throws Exception {
    return wanted("acme", url("engine"), branch, bundle(branch));
  }

  private String url(String repository) {
    return "https://%s/ada/%s.git".formatted(world.github.web().getAuthority(), repository);
  }

  private static PublishBranch wanted(String tenant, String url, String branch, String bundle) {
    return new PublishBranch(tenant, url, "v1.2", branch, bundle, "Mend it", "I mended it.");
  }

  private List<JsonObject> pulls() {
    return world.github.pulls("engine");
  }

  @Test
  void theBranchIsPushedAndADraftIsOpenedOnceAlsoWhereManyAskAtOnce() throws Exception {
    PublishBranch wanted = wanted("concert/s1");
    List<CompletableFuture<PublishedPull>> asked =
        IntStream.range(0, 5)
            .mapToObj(
                _ ->
                    CompletableFuture.supplyAsync(
                        () -> world.ask(GitHubAddresses.PUBLISH_BRANCH, wanted)))
            .toList();
    PublishedPull pull = asked.getFirst().join();

    assertThat(asked).allMatch(one -> one.join().equals(pull));
    assertThat(pull.url()).isEqualTo(world.github.web() + "/ada/engine/pull/" + pull.number());
    assertThat(pulls()).hasSize(1);
    assertThat(pulls().getFirst().getBoolean("draft")).isTrue();
    assertThat(pulls().getFirst().getString("title")).isEqualTo("Mend it");
    assertThat(pulls().getFirst().getString("body")).isEqualTo("I mended it.");
    // The tag that was cloned is no branch that could get it.
    assertThat(pulls().getFirst().getJsonObject("base").getString("ref")).isEqualTo("main");
    assertThat(world.github.git("engine", "show", "concert/s1:README.md"))
        .isEqualToIgnoringNewLines("A fast engine");
    assertThat(world.data().resolve("github/work/acme/concert_s1")).doesNotExist();
  }

  @Test
  void aKillBetweenThePushAndThePullRequestOrAfterItDoublesNothing() throws Exception {
    PublishBranch wanted = wanted("concert/s2");
    world.github.fail(OPEN, FakeGitHub.Fault.SERVER_ERROR);
    assertThat(world.refusal(GitHubAddresses.PUBLISH_BRANCH, wanted)).isNotEmpty();
    String pushed = world.github.git("engine", "rev-parse", "concert/s2");
    assertThat(pulls()).isEmpty();
    world.restart();

    world.github.fail(OPEN, FakeGitHub.Fault.CUT_AFTER);
    assertThat(world.refusal(GitHubAddresses.PUBLISH_BRANCH, wanted)).isNotEmpty();
    assertThat(pulls()).hasSize(1);
    world.restart();

    PublishedPull pull = world.ask(GitHubAddresses.PUBLISH_BRANCH, wanted);
    assertThat(pulls()).hasSize(1);
    assertThat(pulls().getFirst().getInteger("number")).isEqualTo(pull.number());
    assertThat(world.github.git("engine", "rev-parse", "concert/s2")).isEqualTo(pushed);
  }

  @Test
  void whatTheAppMayNotDoAndRepositoriesThatItDoesNotServeAreRefusedWithASentence()
      throws Exception {
    PublishBranch wanted = wanted("concert/s3");
    String bundle = wanted.bundle();
    for (PublishBranch stranger :
        List.of(
            wanted("other", url("engine"), "concert/s3", bundle),
            wanted("acme", url("no-such"), "concert/s3", bundle))) {
      assertThat(world.refusal(GitHubAddresses.PUBLISH_BRANCH, stranger))
          .contains("No GitHub connection of yours serves ada/");
    }
    assertThat(
            world.refusal(
                GitHubAddresses.PUBLISH_BRANCH,
                wanted("acme", "https://example.com/ada/engine", "concert/s3", bundle)))
        .contains("needs a repository of " + world.github.web());
    assertThat(
            world.refusal(
                GitHubAddresses.PUBLISH_BRANCH, wanted("acme", url("engine"), "main", bundle)))
        .contains("concert/SESSION");

    world.github.fail(TOKEN, FakeGitHub.Fault.NOT_GRANTED);
    assertThat(world.refusal(GitHubAddresses.PUBLISH_BRANCH, wanted))
        .contains("permission pull_requests: write");
    assertThat(world.ask(GitHubAddresses.PUBLISH_BRANCH, wanted("concert/s4")).number())
        .isPositive();
    assertThat(world.github.git("engine", "branch", "--list", "concert/*").strip())
        .isEqualTo("concert/s4");
  }
}
