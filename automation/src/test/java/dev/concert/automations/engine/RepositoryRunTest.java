package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationMessages.Run;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automation.RunWorkspace;
import dev.concert.bus.AutomationAddresses;
import dev.concert.testing.Await;
import dev.concert.workspace.SnapshotMessages.ForkWorkspace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs begin with the clone of a repository, which a command in a sandbox makes. */
class RepositoryRunTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final String URL = "https://example.com/team/site.git";

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();

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
    String id =
        engine
            .ask(
                AutomationAddresses.CREATE_AUTOMATION,
                new AutomationMessages.CreateAutomation(
                    ANNE,
                    "mend",
                    new AutomationTrigger(AutomationTrigger.Kind.MANUAL, null, null),
                    task(URL, "v1.2"),
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
