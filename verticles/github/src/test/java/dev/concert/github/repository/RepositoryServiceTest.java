package dev.concert.github.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.concert.bridge.BridgeMessages.AddBridge;
import dev.concert.bridge.BridgeMessages.Bridge;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bus.Address;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.GitHubAddresses;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.github.GitHubOptions;
import dev.concert.github.GitHubVerticle;
import dev.concert.github.webhook.GitHubEventReader;
import dev.concert.json.Json;
import dev.concert.repository.RepositoryMessages.Branch;
import dev.concert.repository.RepositoryMessages.Branches;
import dev.concert.repository.RepositoryMessages.Contents;
import dev.concert.repository.RepositoryMessages.CreateComment;
import dev.concert.repository.RepositoryMessages.CreateIssue;
import dev.concert.repository.RepositoryMessages.CreatePull;
import dev.concert.repository.RepositoryMessages.Issue;
import dev.concert.repository.RepositoryMessages.IssueComment;
import dev.concert.repository.RepositoryMessages.ListBranches;
import dev.concert.repository.RepositoryMessages.ListIssueRuns;
import dev.concert.repository.RepositoryMessages.ListIssues;
import dev.concert.repository.RepositoryMessages.ListPulls;
import dev.concert.repository.RepositoryMessages.ListRepositories;
import dev.concert.repository.RepositoryMessages.PullRequest;
import dev.concert.repository.RepositoryMessages.ReadContents;
import dev.concert.repository.RepositoryMessages.Repositories;
import dev.concert.repository.RepositoryMessages.Repository;
import dev.concert.repository.RepositoryMessages.RepositoryKey;
import dev.concert.repository.RepositoryMessages.RepositoryNews;
import dev.concert.testing.Await;
import dev.concert.testing.BlockedThreads;
import dev.concert.testing.github.FakeGitHub;
import dev.concert.testing.github.FakeGitHub.Delivery;
import dev.concert.testing.github.FakeGitHub.Fault;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What members read and write, and what they are told, with the real service. */
class RepositoryServiceTest {
  private static final RepositoryKey ENGINE = new RepositoryKey("acme", "ada", "engine");

  @TempDir private Path folder;
  private final BlockedThreads blocked = BlockedThreads.watch();
  private final Vertx vertx = Vertx.vertx();
  private final SteppedClock clock = new SteppedClock();
  private ConcertBus bus;
  private FakeGitHub github;
  private String deployment;
  private String connection;

  @BeforeEach
  void start() throws Exception {
    BusCodecs.register(vertx);
    bus = new ConcertBus(vertx);
    github = new FakeGitHub(Files.createDirectories(folder.resolve("git")), clock);
    github.create("engine", Map.of("README.md", "An engine", "src/engine.py", "speed = 1\n"));
    deploy();
    Bridge added = ask(GitHubAddresses.ADD_APP, app("acme"));
    connection = added.connectionId();
  }

  private void deploy() {
    JsonObject section =
        new JsonObject()
            .put("apiUrl", github.api().toString())
            .put("webUrl", github.web().toString());
    deployment =
        get(
            vertx.deployVerticle(
                new GitHubVerticle(
                    GitHubOptions.from(
                        new JsonObject().put("github", section), folder.resolve("data"), Map.of()),
                    _ -> clock)));
  }

  private static AddBridge app(String tenant) {
    return new AddBridge(
        tenant,
        "admin",
        "github",
        "played",
        Map.of("appId", Long.toString(FakeGitHub.APP_ID)),
        Map.of("privateKey", FakeGitHub.privateKey(), "webhookSecret", FakeGitHub.WEBHOOK_SECRET));
  }

  @AfterEach
  void stop() {
    get(vertx.undeploy(deployment));
    get(vertx.close());
    github.close();
    blocked.assertNone();
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private <Q extends Record, R extends Record> R ask(Address<Q, R> address, Q request) {
    return get(bus.request(address, request, Duration.ofMinutes(2)));
  }

  private <Q extends Record, R extends Record> Problem refusal(Address<Q, R> address, Q request) {
    return get(
        bus.request(address, request, Duration.ofMinutes(2))
            .<Problem>map(
                given -> {
                  throw new AssertionError("It is not refused: " + given);
                })
            .otherwise(Problem::of));
  }

  private String branch(String name) {
    String tree = github.git("engine", "rev-parse", "main^{tree}");
    String commit =
        github.git(
            "engine",
            "-c",
            "user.name=Ada",
            "-c",
            "user.email=ada@example.com",
            "commit-tree",
            "-p",
            "main",
            "-m",
            name,
            tree);
    github.git("engine", "branch", name, commit);
    return commit;
  }

  @Test
  void membersReadWhatTheAppServesEachThingWithATokenForItAloneAndWithoutCostWhereNothingChanged() {
    github.create("wheel", Map.of("README.md", "A wheel"));
    Repositories first =
        ask(GitHubAddresses.LIST_REPOSITORIES, new ListRepositories("acme", 1, null));
    Repositories second =
        ask(GitHubAddresses.LIST_REPOSITORIES, new ListRepositories("acme", 1, first.nextCursor()));
    Repositories third =
        ask(
            GitHubAddresses.LIST_REPOSITORIES,
            new ListRepositories("acme", 1, second.nextCursor()));
    assertThat(List.of(first.repositories().getFirst(), second.repositories().getFirst()))
        .extracting(Repository::repo)
        .containsExactlyInAnyOrder("engine", "wheel");
    assertThat(third).isEqualTo(new Repositories(List.of(), List.of(), null));

    String commit = branch("topic");
    Branches branches = ask(GitHubAddresses.LIST_BRANCHES, new ListBranches(ENGINE, 1, 2));
    assertThat(branches).isEqualTo(new Branches(List.of(new Branch("topic", commit, false)), 3));
    assertThat(contents("", null).entries())
        .extracting(one -> one.kind() + " " + one.path())
        .containsExactly("file README.md", "directory src");
    Contents file = contents("src/engine.py", "topic");
    assertThat(file.content()).isEqualTo("speed = 1");
    assertThat(file.encoding()).isEqualTo("utf-8");
    int issue = github.openIssue("engine", "eve", "It is slow", "very");
    assertThat(ask(GitHubAddresses.LIST_ISSUES, new ListIssues(ENGINE, "open", 30, 1)).issues())
        .extracting(Issue::number, Issue::title, Issue::author)
        .containsExactly(tuple(issue, "It is slow", "eve"));
    assertThat(ask(GitHubAddresses.LIST_PULLS, new ListPulls(ENGINE, "all", 30, 1)).pulls())
        .isEmpty();
    assertThat(github.grants())
        .containsExactly(
            "[engine, wheel] {metadata=read}",
            "[engine] {contents=read}",
            "[engine] {issues=read}",
            "[engine] {pull_requests=read}");

    int before = github.unchanged();
    assertThat(ask(GitHubAddresses.LIST_BRANCHES, new ListBranches(ENGINE, 1, 2)))
        .isEqualTo(branches);
    assertThat(github.unchanged()).isEqualTo(before + 1);
  }

  private Contents contents(String path, String ref) {
    return ask(GitHubAddresses.READ_CONTENTS, new ReadContents(ENGINE, path, ref));
  }

  @Test
  void membersWriteInTheNameOfTheAppAndGitHubsRefusalsAreClear() {
    branch("topic");
    Issue issue =
        ask(
            GitHubAddresses.CREATE_ISSUE,
            new CreateIssue(ENGINE, "It is slow", "very", List.of("bug")));
    assertThat(issue.author()).isEqualTo(FakeGitHub.BOT);
    assertThat(issue.labels()).containsExactly("bug");
    IssueComment comment =
        ask(GitHubAddresses.CREATE_COMMENT, new CreateComment(ENGINE, issue.number(), "hello 🙂"));
    assertThat(github.comments("engine").getFirst().getString("body")).isEqualTo("hello 🙂");
    assertThat(comment.url()).contains("/ada/engine/issues/" + issue.number());
    CreatePull wanted = new CreatePull(ENGINE, "Topic", "topic", "main", null, true);
    PullRequest pull = ask(GitHubAddresses.CREATE_PULL, wanted);
    assertThat(pull.isDraft()).isTrue();
    assertThat(pull.head()).isEqualTo("topic");

    assertRefused(
        refusal(GitHubAddresses.CREATE_PULL, wanted),
        ErrorCode.REPOSITORY_REFUSED,
        "already exists for ada:topic");
    assertRefused(
        refusal(
            GitHubAddresses.CREATE_PULL, new CreatePull(ENGINE, "x", "main", "main", "", false)),
        ErrorCode.REPOSITORY_REFUSED,
        "No commits between main and main");
    assertRefused(
        refusal(GitHubAddresses.CREATE_COMMENT, new CreateComment(ENGINE, 99, "x")),
        ErrorCode.ISSUE_NOT_FOUND,
        "no issue or pull request 99 in ada/engine");
    assertRefused(
        refusal(GitHubAddresses.READ_CONTENTS, new ReadContents(ENGINE, "no.txt", "gone")),
        ErrorCode.FILE_NOT_FOUND,
        "at gone in ada/engine");
    assertRefused(
        refusal(GitHubAddresses.READ_CONTENTS, new ReadContents(ENGINE, "../../wheel", null)),
        ErrorCode.PATH_INVALID,
        "relative to the repository");
    github.archive("engine");
    assertRefused(
        refusal(GitHubAddresses.CREATE_COMMENT, new CreateComment(ENGINE, 1, "x")),
        ErrorCode.REPOSITORY_REFUSED,
        "archived");
    assertThat(github.grants())
        .containsExactly(
            "[engine] {issues=write}",
            "[engine] {pull_requests=write}",
            "[engine] {contents=read}");
  }

  private static void assertRefused(Problem problem, ErrorCode code, String words) {
    assertThat(problem.code()).isEqualTo(code);
    assertThat(problem.message()).contains(words);
  }

  @Test
  void aStrangersRepositoryAndOneThatIsNotThereAreAnsweredAlike() {
    for (RepositoryKey key :
        List.of(
            new RepositoryKey("other", "ada", "engine"),
            new RepositoryKey("acme", "ada", "no-such"),
            new RepositoryKey("acme", "stranger", "engine"),
            new RepositoryKey("acme", "ada", ".."),
            new RepositoryKey("acme", "ada/engine", "x y"))) {
      assertRefused(
          refusal(GitHubAddresses.CREATE_ISSUE, new CreateIssue(key, "x", "x", null)),
          ErrorCode.REPOSITORY_NOT_FOUND,
          "No GitHub connection of yours serves %s/%s.".formatted(key.owner(), key.repo()));
    }
    assertThat(ask(GitHubAddresses.LIST_REPOSITORIES, new ListRepositories("other", 9, null)))
        .isEqualTo(new Repositories(List.of(), List.of(), null));
    assertThat(ask(GitHubAddresses.LIST_RUNS, new ListIssueRuns("other", null, 9)).runs())
        .isEmpty();
    assertThat(folder.resolve("data/tenants/other")).doesNotExist();
    assertRefused(
        refusal(GitHubAddresses.LIST_REPOSITORIES, new ListRepositories("acme", 9, "here")),
        ErrorCode.INVALID_MESSAGE,
        "'cursor'");
  }

  @Test
  void nobodyWaitsForTheEndOfALimitAndWhatWasRefusedIsNotWrittenLater() {
    int issue = github.openIssue("engine", "eve", "It is slow", "very");
    CreateComment wanted = new CreateComment(ENGINE, issue, "hello");
    String call = "POST /repos/ada/engine/issues/%d/comments".formatted(issue);
    github.fail(call, Fault.SECONDARY_LIMIT);

    assertRefused(
        refusal(GitHubAddresses.CREATE_COMMENT, wanted), ErrorCode.RATE_LIMITED, "Try again later");
    assertRefused(
        refusal(GitHubAddresses.LIST_ISSUES, new ListIssues(ENGINE, "open", 9, 1)),
        ErrorCode.RATE_LIMITED,
        "Try again later");
    assertThat(github.calls()).filteredOn(call::equals).hasSize(1);
    clock.step(Duration.ofSeconds(61));
    ask(GitHubAddresses.CREATE_COMMENT, wanted);
    github.fail(call, Fault.CUT_AFTER);
    assertRefused(
        refusal(GitHubAddresses.CREATE_COMMENT, wanted),
        ErrorCode.BRIDGES_UNAVAILABLE,
        "Look there before you try it again.");
    assertThat(github.comments("engine")).hasSize(2);
  }

  @Test
  void anAppThatGitHubRefusesIsNamedAndADeadGitHubIsAProblem() {
    github.fail("GET /app/installations", Fault.RETRY_AFTER);
    Repositories listed =
        ask(GitHubAddresses.LIST_REPOSITORIES, new ListRepositories("acme", 9, null));
    assertThat(listed.repositories()).isEmpty();
    assertThat(listed.broken()).hasSize(1);
    assertThat(listed.broken().getFirst().connectionId()).isEqualTo(connection);
    assertThat(listed.broken().getFirst().message()).contains("no more calls");
    clock.step(Duration.ofSeconds(5));
    github.close();
    assertRefused(
        refusal(GitHubAddresses.LIST_BRANCHES, new ListBranches(ENGINE, 9, 1)),
        ErrorCode.BRIDGES_UNAVAILABLE,
        "GitHub cannot be reached");
  }

  @Test
  void theTenantIsToldOfVerifiedAndClaimedEventsOnceAndOfNoStrangersRepository() {
    List<RepositoryNews> told = new CopyOnWriteArrayList<>();
    get(bus.listen(GitHubAddresses.NEWS, told::add).completion());
    int issue = github.openIssue("engine", "eve", "It is slow", "very");
    Delivery good = github.comment("engine", issue, "eve", "me too");
    byte[] forged = good.body().clone();
    forged[forged.length - 2] ^= 1;
    JsonObject foreign = new JsonObject(new String(good.body(), StandardCharsets.UTF_8));
    foreign.getJsonObject("repository").getJsonObject("owner").put("login", "stranger");

    assertThat(deliver(new Delivery(good.headers(), forged))).isEqualTo(401);
    assertThat(deliver(FakeGitHub.delivery("issue_comment", foreign))).isEqualTo(202);
    assertThat(deliver(good)).isEqualTo(202);
    assertThat(deliver(good)).isEqualTo(202);
    Delivery last = github.issue("engine", issue, "eve", "closed", new JsonObject());
    assertThat(deliver(last)).isEqualTo(202);

    Await.until("the last event", () -> told.size() >= 2);
    assertThat(told)
        .extracting(RepositoryNews::tenantId, RepositoryNews::type)
        .containsExactly(
            tuple("acme", "github.issue_commented"), tuple("acme", "github.issue_closed"));
    JsonObject event = new JsonObject(told.getFirst().event());
    assertThat(event.getString("type")).isEqualTo("github.issue_commented");
    assertThat(event.getJsonObject("comment").getString("text")).isEqualTo("me too");
    assertThat(event.getJsonObject("origin").getString("deliveryId"))
        .isEqualTo(good.headers().get("x-github-delivery"));
  }

  @Test
  void whatACrashCutBeforeItWasWorkedOnIsToldAfterTheNextStart() throws Exception {
    int issue = github.openIssue("engine", "eve", "It is slow", "very");
    Delivery closed = github.issue("engine", issue, "eve", "closed", new JsonObject());
    assertThat(deliver(closed)).isEqualTo(202);
    get(vertx.undeploy(deployment));
    // As a crash leaves it that comes right after the claim.
    String event =
        GitHubEventReader.read("issues", Json.MAPPER.readTree(closed.body()))
            .orElseThrow()
            .toJson();
    try (Connection database =
            DriverManager.getConnection(
                "jdbc:sqlite:" + folder.resolve("data/tenants/acme/github.db"));
        PreparedStatement insert =
            database.prepareStatement(
                "INSERT INTO inbox (source, event_id, body, state, received_ms)"
                    + " VALUES (?, 'cut', ?, 'claimed', 1)")) {
      insert.setString(1, connection);
      insert.setString(2, event);
      insert.executeUpdate();
    }
    List<RepositoryNews> told = new CopyOnWriteArrayList<>();
    get(bus.listen(GitHubAddresses.NEWS, told::add).completion());

    deploy();
    Await.until("the event", () -> !told.isEmpty());
    assertThat(told.getFirst().event()).contains("\"deliveryId\":\"cut\"");
  }

  private int deliver(Delivery delivery) {
    return ask(
            GitHubAddresses.DELIVER_WEBHOOK,
            new DeliverWebhook("github", connection, delivery.headers(), delivery.body()))
        .status();
  }
}
