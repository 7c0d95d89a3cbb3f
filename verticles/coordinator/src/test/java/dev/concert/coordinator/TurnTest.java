package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.bus.Addresses;
import dev.concert.bus.HealthReport;
import dev.concert.coordinator.harness.CoordinatorHarness;
import dev.concert.coordinator.harness.EventRecorder;
import dev.concert.coordinator.harness.WithCoordinator;
import dev.concert.error.ErrorCode;
import dev.concert.inference.InferenceMessages.UsageReport;
import dev.concert.podium.PodiumMessages.AgentEvents;
import dev.concert.podium.PodiumMessages.AgentType;
import dev.concert.podium.PodiumMessages.Answer;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.podium.PodiumMessages.Interrupt;
import dev.concert.podium.PodiumMessages.ListAgentTypes;
import dev.concert.podium.PodiumMessages.Steer;
import dev.concert.protocol.ServerEvent;
import dev.concert.testing.log.ExpectedLog;
import org.junit.jupiter.api.Test;

@WithCoordinator
@ExpectedLog(
    logger = "dev.concert.coordinator.instance.FrameHandler",
    message = "come late: Timeout",
    required = false)
@ExpectedLog(
    logger = "dev.concert.coordinator.instance.Teardown",
    message = "The agent of instance .* is gone",
    required = false)
@ExpectedLog(
    logger = "dev.concert.coordinator.state.AgentState",
    message = "Deltas of an agent do not fit its state",
    required = false)
class TurnTest {
  @Test
  void aTurnGoesFromStartToStopInOrderAndWithoutHoles(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    InstanceStarted started = coordinator.start("one");
    coordinator.tell("one", "m1", "echo hello there");
    events.await(ServerEvent.TurnComplete.class);
    coordinator.stop("one");
    assertThat(started.fresh()).isTrue();
    assertThat(events.events())
        .containsExactly(
            new ServerEvent.SandboxInit(started.sandbox()),
            new ServerEvent.SandboxProvisioning("creating", "Mounting the workspace"),
            new ServerEvent.SandboxProvisioning("configuring", "Starting the agent"),
            new ServerEvent.SandboxReady(),
            new ServerEvent.TextDelta("hello"),
            new ServerEvent.TextDelta("there"),
            new ServerEvent.TurnComplete("hello there", "end", ServerEvent.UsageTotals.NONE),
            new ServerEvent.SandboxRemoved("test_over"));
    long next = 1;
    for (AgentEvents batch : events.batches()) {
      assertThat(batch.epoch()).isEqualTo(started.epoch());
      assertThat(batch.firstNumber()).isEqualTo(next);
      next = batch.lastNumber() + 1;
    }
    assertThat(coordinator.chronicle().isMounted("one")).isFalse();
    assertThat(coordinator.ensemble().token("one")).isEmpty();
    assertThat(coordinator.processes()).isEmpty();
  }

  @Test
  void everyKindOfElementBecomesItsEventAndUnknownOnesArePassedOver(
      CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "everything");
    events.await(ServerEvent.PermissionRequested.class);
    coordinator.ask(Addresses.ANSWER, new Answer("one", "", "q1", true, "session", null, null));
    events.await(ServerEvent.TurnComplete.class);
    assertThat(events.events().stream().skip(4).map(event -> event.getClass().getSimpleName()))
        .containsExactly(
            "ThinkingStart",
            "ThinkingProgress",
            "ThinkingComplete",
            "ToolCallStart",
            "ToolCallDelta",
            "ToolCall",
            "PermissionRequested",
            "TextDelta",
            "TerminalStream",
            "TerminalComplete",
            "ToolResult",
            "ToolError",
            "UsageContext",
            "TextDelta",
            "TurnComplete");
    assertThat(events.events(ServerEvent.TextDelta.class))
        .extracting(ServerEvent.TextDelta::text)
        .containsExactly(
            "{\"approved\": true, \"question_id\": \"q1\", \"remember\": \"session\","
                + " \"type\": \"answer\"}",
            "```python\nx = 1\n```\n");
    assertThat(
            coordinator
                .refusal(Addresses.ANSWER, new Answer("one", "", "q1", true, "once", null, null))
                .code())
        .isEqualTo(ErrorCode.QUESTION_NOT_FOUND);
  }

  @Test
  void theAgentIsToldWhoItIsAndGetsWhatItsManifestSets(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    boolean sandboxed = coordinator.start("one").sandbox().equals("bubblewrap");
    coordinator.tell("one", "m1", "show_init");
    events.await(ServerEvent.TurnComplete.class);
    String workspace = coordinator.chronicle().folder("one").toString();
    assertThat(events.text())
        .contains("\"agent_id\": \"one\"", "\"agent_type\": \"scripted\"")
        .contains("\"workspace\": \"" + workspace + "\"", "\"state\": null")
        .contains("\"model\": \"demo\"", "\"max_tokens\": 8192", "\"max_steps\": 7")
        .contains("\"ensemble_url\": \"http://127.0.0.1:%d\"".formatted(sandboxed ? 3129 : 1));
  }

  @Test
  void theAgentGetsWhatItsUsersProfileSays(CoordinatorHarness coordinator) {
    coordinator.writeProfile("AGENTS.md", "Use tabs.");
    coordinator.writeProfile("permissions.json", "{\"deny\": [\"bash:git push\"]}");
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "show_init");
    events.await(ServerEvent.TurnComplete.class);
    assertThat(events.text())
        .contains("\"user_instructions\": \"Use tabs.\"", "\"deny\": [\"bash:git push\"]");
  }

  @Test
  void aProfileThatCannotBeUsedIsNamedAndNoAgentStarts(CoordinatorHarness coordinator) {
    coordinator.writeProfile("permissions.json", "{\"deny\"");
    coordinator.record("one");
    assertThatThrownBy(() -> coordinator.start("one"))
        .hasMessageContaining("a profile cannot be used: permissions.json is not JSON, in line 1.");
    coordinator.writeProfile("permissions.json", "");
    assertThat(coordinator.start("one").fresh()).isTrue();
  }

  @Test
  void onlyTheFirstMessageOfAProcessBringsTheHistory(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "show_message");
    events.awaitEnd("m1");
    String first = events.text();
    coordinator.tell("one", "m2", "show_message");
    events.awaitEnd("m2");
    assertThat(first)
        .contains("\"history\": [{\"content\": \"earlier\", \"role\": \"user\"}]")
        .contains("\"origin\": {\"channel\": \"gateway\", \"role\": \"member\"")
        .contains("\"tenant_id\": \"tenant\"");
    assertThat(events.text().substring(first.length())).doesNotContain("history");
  }

  @Test
  void aMessageThatIsSentTwiceIsWorkedOnOnce(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "echo a");
    coordinator.tell("one", "m1", "echo a");
    events.await(ServerEvent.TurnComplete.class);
    coordinator.tell("one", "m1", "echo a");
    coordinator.tell("one", "m2", "echo b");
    events.awaitEnd("m2");
    assertThat(events.events(ServerEvent.TurnComplete.class)).hasSize(2);
  }

  @Test
  void aSecondMessageWaitsForTheFirst(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "obey");
    events.await(ServerEvent.TextDelta.class);
    assertThat(
            coordinator
                .refusal(Addresses.DELIVER_MESSAGE, CoordinatorHarness.message("one", "m2", "echo"))
                .code())
        .isEqualTo(ErrorCode.TURN_IN_PROGRESS);
    coordinator.ask(Addresses.STEER, new Steer("one", "", "left"));
    events.await(ServerEvent.TextDelta.class, text -> text.text().equals("steered left"));
    coordinator.ask(Addresses.INTERRUPT, new Interrupt("one", "", "m1"));
    assertThat(events.await(ServerEvent.TurnComplete.class))
        .isEqualTo(new ServerEvent.TurnComplete("so far", "stopped", ServerEvent.UsageTotals.NONE));
    assertThat(coordinator.refusal(Addresses.STEER, new Steer("one", "", "right")).code())
        .isEqualTo(ErrorCode.NO_TURN);
    assertThat(coordinator.refusal(Addresses.INTERRUPT, new Interrupt("one", "", "m1")).code())
        .isEqualTo(ErrorCode.NO_TURN);
  }

  @Test
  void aFailureThatTheAgentReportsKeepsItsCodeWhenItIsOneOfOurs(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "fail PROVIDER_FAILED the model broke");
    assertThat(events.await(ServerEvent.TurnError.class))
        .isEqualTo(new ServerEvent.TurnError("PROVIDER_FAILED", "the model broke", false));
    coordinator.tell("one", "m2", "fail MY_OWN odd");
    assertThat(events.awaitEnd("m2"))
        .isEqualTo(new ServerEvent.TurnError("AGENT_ERROR", "MY_OWN: odd", false));
  }

  @Test
  void usageComesInTheStreamBeforeTheAnswerThatItPaidFor(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "obey");
    events.await(ServerEvent.TextDelta.class);
    coordinator.ask(
        Addresses.REPORT_USAGE, new UsageReport("one", "demo", "demo", 10, 20, 5, "0.000111"));
    coordinator.ask(Addresses.INTERRUPT, new Interrupt("one", "", "m1"));
    events.await(ServerEvent.TurnComplete.class);
    assertThat(events.events().stream().skip(4))
        .containsExactly(
            new ServerEvent.TextDelta("working"),
            new ServerEvent.UsageUpdate("demo", "demo", 10, 20, 5, "0.000111"),
            new ServerEvent.TurnComplete("so far", "stopped", ServerEvent.UsageTotals.NONE));
  }

  @Test
  void usageThatIsReportedAfterADeathIsNotLost(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "die");
    events.await(ServerEvent.SandboxRemoved.class);
    coordinator.ask(Addresses.REPORT_USAGE, new UsageReport("one", "demo", "demo", 1, 2, 0, "0.1"));
    events.await(ServerEvent.UsageUpdate.class);
  }

  @Test
  void fileChangesComeBeforeTheEndOfTheTurnEvenWhenTheirAnnouncementIsLost(
      CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.chronicle().change("one", "before.txt", false);
    coordinator.start("one");
    coordinator.tell("one", "m1", "obey");
    events.await(ServerEvent.TextDelta.class);
    coordinator.chronicle().change("one", "announced.txt", true);
    events.await(ServerEvent.FileChanged.class);
    coordinator.chronicle().change("one", "lost.txt", false);
    coordinator.chronicle().change("one", "after-a-gap.txt", true);
    events.await(ServerEvent.FileChanged.class, change -> change.path().equals("after-a-gap.txt"));
    coordinator.chronicle().change("one", "last.txt", false);
    coordinator.ask(Addresses.INTERRUPT, new Interrupt("one", "", "m1"));
    events.await(ServerEvent.TurnComplete.class);
    assertThat(events.events(ServerEvent.FileChanged.class))
        .extracting(ServerEvent.FileChanged::path)
        .containsExactly("announced.txt", "lost.txt", "after-a-gap.txt", "last.txt");
    assertThat(events.events().getLast()).isInstanceOf(ServerEvent.TurnComplete.class);
  }

  @Test
  void aChronicleThatFallsSilentDelaysTheEndOfATurnButDoesNotPreventIt(
      CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.chronicle().answers(false);
    coordinator.tell("one", "m1", "echo hi");
    events.await(ServerEvent.TurnComplete.class);
    coordinator.chronicle().answers(true);
  }

  @Test
  void whatTheAgentRemembersOutlivesItsCrash(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "remember the milk");
    events.await(ServerEvent.TurnComplete.class);
    coordinator.tell("one", "m2", "die");
    events.await(ServerEvent.SandboxRemoved.class);
    coordinator.start("one");
    coordinator.tell("one", "m3", "show_init");
    events.awaitEnd("m3");
    assertThat(events.text()).contains("\"state\": {\"list\": [2], \"note\": \"the milk\"}");
  }

  @Test
  void aFrameOfManyMegabytesIsReadBesideTheEventLoop(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    coordinator.tell("one", "m1", "large 15000000");
    events.await(ServerEvent.TurnComplete.class);
    assertThat(events.events(ServerEvent.TextDelta.class).getFirst().text()).hasSize(15_000_000);
  }

  @Test
  void aMessageThatFitsNoFrameIsRefusedAndTheAgentStaysFree(CoordinatorHarness coordinator) {
    EventRecorder events = coordinator.record("one");
    coordinator.start("one");
    assertThat(
            coordinator
                .refusal(
                    Addresses.DELIVER_MESSAGE,
                    CoordinatorHarness.message("one", "m1", "x".repeat(17 << 20)))
                .code())
        .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    coordinator.tell("one", "m2", "echo free");
    events.await(ServerEvent.TurnComplete.class);
  }

  @Test
  void theAgentTypesOfTheFolderAreListedAndABrokenManifestIsLeftOut(
      CoordinatorHarness coordinator) {
    assertThat(coordinator.ask(Addresses.LIST_AGENT_TYPES, new ListAgentTypes()).types())
        .contains(new AgentType("scripted", "1.2.3", "Does what the message says."))
        .extracting(AgentType::type)
        .isSorted()
        .doesNotContain("broken");
  }

  @Test
  void healthSaysWhatTheHostGives(CoordinatorHarness coordinator) {
    coordinator.start("one");
    HealthReport health = coordinator.ask(Addresses.PODIUM_HEALTH, new HealthReport.Probe());
    assertThat(health.status()).isEqualTo("ok");
    assertThat(health.details()).containsEntry("agents", "1").containsKeys("sandbox", "python");
  }
}
