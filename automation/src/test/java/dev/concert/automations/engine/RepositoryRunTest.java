package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationMessages.Run;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automation.RunWorkspace;
import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.GitHubAddresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.podium.PodiumMessages.CheckOutcome;
import dev.concert.repository.RepositoryMessages.PublishBranch;
import dev.concert.repository.RepositoryMessages.PublishedPull;
import dev.concert.testing.Await;
import dev.concert.workspace.SnapshotMessages.ForkWorkspace;
import dev.concert.workspace.WorkspaceMessages.FileContent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs begin with the clone of a repository, which a command in a sandbox makes. */
class RepositoryRunTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final String URL = "https://example.com/team/site.git";

  private static final int NOTHING_CHANGED = 98;

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();
  private volatile int exitCode;

  private static AutomationTask task(String url, String ref) {
    return new AutomationTask(
        "mend it",
        null,
        null,
        null,
        null,
        null,
        new RunWorkspace(RunWorkspace.Kind.REPOSITORY, null, url, ref));
  }

  private static String start(Engine engine) {
    return start(engine, task(URL, "v1.2"));
  }

  private static String start(Engine engine, AutomationTask task) {
    String id =
        engine
            .ask(
                AutomationAddresses.CREATE_AUTOMATION,
                new AutomationMessages.CreateAutomation(
                    ANNE,
                    "mend",
                    new AutomationTrigger(AutomationTrigger.Kind.MANUAL, null, null),
                    task,
                    null,
                    false))
            .automationId();
    engine.ask(
        AutomationAddresses.RUN_AUTOMATION, new AutomationMessages.RunAutomation(ANNE, id, null));
    return id;
  }

  private static Run end(Engine engine, String id) {
    Await.until("the end", () -> engine.states(id).equals(List.of("done")));
    return engine.slots(id).getFirst().run();
  }

  @Test
  void aRunBeginsWithWhatWasClonedAlsoAfterACrashInTheMiddle() {
    gateway.answer("The command ran.");
    String id;
    try (Engine engine = new Engine(data, gateway, START)) {
      gateway.loseReplyOf("run_turn");
      id = start(engine);
      Await.until("the clone", () -> gateway.begun().size() == 1);
    }
    try (Engine engine = new Engine(data, gateway, START.plusSeconds(2))) {
      List<ForkWorkspace> copies = engine.serveCopies();
      Run run = end(engine, id);

      assertThat(run.state()).isEqualTo("succeeded");
      assertThat(gateway.begun())
          .containsExactly(
              "/run GIT_TERMINAL_PROMPT=0 git -c protocol.allow=never"
                  + " -c protocol.https.allow=always clone --branch 'v1.2' -- '"
                  + URL
                  + "' .",
              "mend it");
      assertThat(copies)
          .singleElement()
          .satisfies(copy -> assertThat(copy.forkId()).isEqualTo("agent_" + run.sessionId()));
      assertThat(gateway.sessions()).isEqualTo(2);
    }
  }

  @Test
  void aCloneThatFailsFailsTheRunAndSaysWhereToLook() {
    gateway.answer("The command could not be run.");
    try (Engine engine = new Engine(data, gateway, START)) {
      Run run = end(engine, start(engine));

      assertThat(run.state()).isEqualTo("failed");
      assertThat(run.error()).contains(URL + " could not be cloned. Session s");
      assertThat(gateway.begun()).hasSize(1);
    }
  }

  private static AutomationTask pullRequest() {
    return new AutomationTask(
        "mend it",
        null,
        null,
        null,
        null,
        null,
        new RunWorkspace(RunWorkspace.Kind.REPOSITORY, null, URL, "main"),
        AutomationTask.Result.PULL_REQUEST);
  }

  /** Plays the sandbox that makes the branch of what the run changed. */
  private Engine withSandbox(Instant start) {
    Engine engine = new Engine(data, gateway, start);
    engine.serveCopies();
    engine.serve(
        Addresses.RUN_CHECK,
        wanted -> {
          assertThat(wanted.command()).contains("bundle create");
          return Future.succeededFuture(new CheckOutcome(exitCode, "", ""));
        });
    engine.serve(
        Addresses.READ_FILE,
        wanted ->
            Future.succeededFuture(
                new FileContent(wanted.path(), "base64", "UEFDSw==", 4, 0, "", null)));
    engine.serve(Addresses.DELETE_INSTANCE, _ -> Future.succeededFuture(Accepted.ACCEPTED));
    return engine;
  }

  @Test
  void whatARunChangedIsAPullRequestThatIsAskedForAgainAfterACrash() {
    gateway.answer("The command ran.");
    List<PublishBranch> asked = new CopyOnWriteArrayList<>();
    String id;
    try (Engine engine = withSandbox(START)) {
      engine.serve(
          GitHubAddresses.PUBLISH_BRANCH,
          wanted -> {
            asked.add(wanted);
            return Promise.<PublishedPull>promise().future();
          });
      id = start(engine, pullRequest());
      Await.until("the pull request is asked for", () -> asked.size() == 1);
    }
    try (Engine engine = withSandbox(START.plusSeconds(2))) {
      engine.serve(
          GitHubAddresses.PUBLISH_BRANCH,
          wanted -> {
            asked.add(wanted);
            return Future.succeededFuture(new PublishedPull(7, "https://example.com/pull/7"));
          });
      Run run = end(engine, id);

      assertThat(run.state()).as(run.error()).isEqualTo("succeeded");
      assertThat(run.pullUrl()).isEqualTo("https://example.com/pull/7");
      assertThat(asked).hasSize(2);
      assertThat(asked.getLast()).isEqualTo(asked.getFirst());
      assertThat(asked.getFirst().branch()).isEqualTo("concert/" + run.sessionId());
      assertThat(asked.getFirst().ref()).isEqualTo("main");
      assertThat(gateway.begun()).hasSize(2);
      assertThat(items(engine).getFirst().body()).contains("https://example.com/pull/7");
      assertThat(
              engine
                  .ask(
                      AutomationAddresses.EXPLAIN_TIME,
                      new AutomationMessages.ExplainTime(
                          ANNE, id, engine.slots(id).getFirst().scheduledAt()))
                  .message())
          .contains("https://example.com/pull/7");
    }
  }

  private static List<AutomationMessages.InboxItem> items(Engine engine) {
    return engine
        .ask(AutomationAddresses.LIST_INBOX, new AutomationMessages.ListInbox(ANNE, "all", 100))
        .items();
  }

  @Test
  void aRunThatChangedNothingOpensNoPullRequestAndARefusalFailsTheRun() {
    gateway.answer("The command ran.");
    exitCode = NOTHING_CHANGED;
    try (Engine engine = withSandbox(START)) {
      Run run = end(engine, start(engine, pullRequest()));
      assertThat(run.state()).as(run.error()).isEqualTo("succeeded");
      assertThat(run.pullUrl()).isNull();

      exitCode = 0;
      engine.serve(
          GitHubAddresses.PUBLISH_BRANCH,
          _ ->
              Future.failedFuture(
                  new ConcertException(
                      ErrorCode.REPOSITORY_NOT_FOUND, "No connection of yours serves team/site.")));
      engine.advance(Duration.ofSeconds(1));
      Run refused = end(engine, start(engine, pullRequest()));
      assertThat(refused.state()).isEqualTo("failed");
      assertThat(refused.error())
          .isEqualTo(
              "Its pull request could not be opened: No connection of yours serves team/site.");
    }
    assertThat(
            new AutomationTask(
                    "mend it",
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    AutomationTask.Result.PULL_REQUEST)
                .fault()
                .orElseThrow())
        .contains("'task.result'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com/a.git",
        "ssh://example.com/a.git",
        "file:///etc",
        "https://user:secret@example.com/a.git",
        "https://example.com/",
        "https://example.com/a'; id; '",
        "https://example.com/a b",
        "ext::sh -c id",
      })
  void onlyPlainHttpsAddressesAreTaken(String url) {
    assertThat(task(url, null).fault().orElseThrow()).contains("'task.workspace.url'");
    assertThat(task(URL, "--upload-pack=id").fault().orElseThrow()).contains(".ref'");
  }
}
