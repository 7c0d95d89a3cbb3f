package dev.concert.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.bus.Addresses;
import dev.concert.bus.HealthReport;
import dev.concert.coordinator.bench.EventRecorder;
import dev.concert.coordinator.bench.OnStage;
import dev.concert.coordinator.bench.Stage;
import dev.concert.error.ErrorCode;
import dev.concert.inference.InferenceMessages.UsageReport;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.podium.PodiumMessages.AgentEvents;
import dev.concert.podium.PodiumMessages.AgentType;
import dev.concert.podium.PodiumMessages.Answer;
import dev.concert.podium.PodiumMessages.InstanceStarted;
import dev.concert.podium.PodiumMessages.Interrupt;
import dev.concert.podium.PodiumMessages.ListAgentTypes;
import dev.concert.podium.PodiumMessages.Steer;
import org.junit.jupiter.api.Test;

@OnStage
class TurnTest {
  @Test
  void aTurnGoesFromStartToStopInOrderAndWithoutHoles(Stage stage) {
    EventRecorder events = stage.record("one");
    InstanceStarted started = stage.start("one");
    stage.tell("one", "m1", "echo hello there");
    events.await(NativeEvent.Complete.class);
    stage.stop("one");
    assertThat(started.fresh()).isTrue();
    assertThat(events.events())
        .containsExactly(
            new NativeEvent.SandboxInit(started.sandbox()),
            new NativeEvent.SandboxProvisioning("creating", "Mounting the workspace"),
            new NativeEvent.SandboxProvisioning("configuring", "Starting the agent"),
            new NativeEvent.SandboxReady(),
            new NativeEvent.TextDelta("hello"),
            new NativeEvent.TextDelta("there"),
            new NativeEvent.Complete("m1", "end", "hello there"),
            new NativeEvent.SandboxRemoved("test_over"));
    long next = 1;
    for (AgentEvents batch : events.batches()) {
      assertThat(batch.epoch()).isEqualTo(started.epoch());
      assertThat(batch.firstNumber()).isEqualTo(next);
      next = batch.lastNumber() + 1;
    }
    assertThat(stage.chronicle().isMounted("one")).isFalse();
    assertThat(stage.ensemble().token("one")).isEmpty();
    assertThat(stage.processes()).isEmpty();
  }

  @Test
  void everyKindOfElementBecomesItsEventAndUnknownOnesArePassedOver(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "everything");
    events.await(NativeEvent.PermissionRequested.class);
    stage.ask(Addresses.ANSWER, new Answer("one", "q1", true, "session", null, null));
    events.await(NativeEvent.Complete.class);
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
            "ContextUsage",
            "TextDelta",
            "TextFinal",
            "Complete");
    assertThat(events.events(NativeEvent.TextDelta.class))
        .extracting(NativeEvent.TextDelta::text)
        .containsExactly(
            "{\"approved\": true, \"question_id\": \"q1\", \"remember\": \"session\","
                + " \"type\": \"answer\"}",
            "```python\nx = 1\n```\n");
    assertThat(
            stage
                .refusal(Addresses.ANSWER, new Answer("one", "q1", true, "once", null, null))
                .code())
        .isEqualTo(ErrorCode.QUESTION_NOT_FOUND);
  }

  @Test
  void theAgentIsToldWhoItIsAndGetsWhatItsManifestSets(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "show_init");
    events.await(NativeEvent.Complete.class);
    String workspace = stage.chronicle().folder("one").toString();
    assertThat(events.text())
        .contains("\"agent_id\": \"one\"", "\"agent_type\": \"scripted\"")
        .contains("\"workspace\": \"" + workspace + "\"", "\"state\": null")
        .contains("\"model\": \"demo\"", "\"max_tokens\": 8192", "\"max_steps\": 7")
        .contains("\"ensemble_url\": \"http://127.0.0.1:1\"");
  }

  @Test
  void onlyTheFirstMessageOfAProcessBringsTheHistory(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "show_message");
    events.await(NativeEvent.Complete.class, done -> done.messageId().equals("m1"));
    String first = events.text();
    stage.tell("one", "m2", "show_message");
    events.await(NativeEvent.Complete.class, done -> done.messageId().equals("m2"));
    assertThat(first)
        .contains("\"history\": [{\"content\": \"earlier\", \"role\": \"user\"}]")
        .contains("\"origin\": {\"channel\": \"gateway\", \"role\": \"member\"")
        .contains("\"tenant_id\": \"tenant\"");
    assertThat(events.text().substring(first.length())).doesNotContain("history");
  }

  @Test
  void aMessageThatIsSentTwiceIsWorkedOnOnce(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "echo a");
    stage.tell("one", "m1", "echo a");
    events.await(NativeEvent.Complete.class);
    stage.tell("one", "m1", "echo a");
    stage.tell("one", "m2", "echo b");
    events.await(NativeEvent.Complete.class, done -> done.messageId().equals("m2"));
    assertThat(events.events(NativeEvent.Complete.class)).hasSize(2);
  }

  @Test
  void aSecondMessageWaitsForTheFirst(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "obey");
    events.await(NativeEvent.TextDelta.class);
    assertThat(stage.refusal(Addresses.DELIVER_MESSAGE, Stage.message("one", "m2", "echo")).code())
        .isEqualTo(ErrorCode.TURN_IN_PROGRESS);
    stage.ask(Addresses.STEER, new Steer("one", "left"));
    events.await(NativeEvent.TextDelta.class, text -> text.text().equals("steered left"));
    stage.ask(Addresses.INTERRUPT, new Interrupt("one", "m1"));
    assertThat(events.await(NativeEvent.Complete.class))
        .isEqualTo(new NativeEvent.Complete("m1", "stopped", "so far"));
    assertThat(stage.refusal(Addresses.STEER, new Steer("one", "right")).code())
        .isEqualTo(ErrorCode.NO_TURN);
    assertThat(stage.refusal(Addresses.INTERRUPT, new Interrupt("one", "m1")).code())
        .isEqualTo(ErrorCode.NO_TURN);
  }

  @Test
  void aFailureThatTheAgentReportsKeepsItsCodeWhenItIsOneOfOurs(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "fail PROVIDER_FAILED the model broke");
    assertThat(events.await(NativeEvent.Failed.class))
        .isEqualTo(new NativeEvent.Failed("m1", "PROVIDER_FAILED", "the model broke", false));
    stage.tell("one", "m2", "fail MY_OWN odd");
    assertThat(events.await(NativeEvent.Failed.class, failed -> failed.messageId().equals("m2")))
        .isEqualTo(new NativeEvent.Failed("m2", "AGENT_ERROR", "MY_OWN: odd", false));
  }

  @Test
  void usageComesInTheStreamBeforeTheAnswerThatItPaidFor(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "obey");
    events.await(NativeEvent.TextDelta.class);
    stage.ask(
        Addresses.REPORT_USAGE, new UsageReport("one", "demo", "demo", 10, 20, 5, "0.000111"));
    stage.ask(Addresses.INTERRUPT, new Interrupt("one", "m1"));
    events.await(NativeEvent.Complete.class);
    assertThat(events.events().stream().skip(4))
        .containsExactly(
            new NativeEvent.TextDelta("working"),
            new NativeEvent.Usage("demo", "demo", 10, 20, 5, "0.000111"),
            new NativeEvent.Complete("m1", "stopped", "so far"));
  }

  @Test
  void usageThatIsReportedAfterADeathIsNotLost(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "die");
    events.await(NativeEvent.SandboxRemoved.class);
    stage.ask(Addresses.REPORT_USAGE, new UsageReport("one", "demo", "demo", 1, 2, 0, "0.1"));
    events.await(NativeEvent.Usage.class);
  }

  @Test
  void fileChangesComeBeforeTheEndOfTheTurnEvenWhenTheirAnnouncementIsLost(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.chronicle().change("one", "before.txt", false);
    stage.start("one");
    stage.tell("one", "m1", "obey");
    events.await(NativeEvent.TextDelta.class);
    stage.chronicle().change("one", "announced.txt", true);
    events.await(NativeEvent.FileChanged.class);
    stage.chronicle().change("one", "lost.txt", false);
    stage.chronicle().change("one", "after-a-gap.txt", true);
    events.await(NativeEvent.FileChanged.class, change -> change.path().equals("after-a-gap.txt"));
    stage.chronicle().change("one", "last.txt", false);
    stage.ask(Addresses.INTERRUPT, new Interrupt("one", "m1"));
    events.await(NativeEvent.Complete.class);
    assertThat(events.events(NativeEvent.FileChanged.class))
        .extracting(NativeEvent.FileChanged::path)
        .containsExactly("announced.txt", "lost.txt", "after-a-gap.txt", "last.txt");
    assertThat(events.events().getLast()).isInstanceOf(NativeEvent.Complete.class);
  }

  @Test
  void aChronicleThatFallsSilentDelaysTheEndOfATurnButDoesNotPreventIt(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.chronicle().answers(false);
    stage.tell("one", "m1", "echo hi");
    events.await(NativeEvent.Complete.class);
    stage.chronicle().answers(true);
  }

  @Test
  void whatTheAgentRemembersOutlivesItsCrash(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "remember the milk");
    events.await(NativeEvent.Complete.class);
    stage.tell("one", "m2", "die");
    events.await(NativeEvent.SandboxRemoved.class);
    stage.start("one");
    stage.tell("one", "m3", "show_init");
    events.await(NativeEvent.Complete.class, done -> done.messageId().equals("m3"));
    assertThat(events.text()).contains("\"state\": {\"list\": [2], \"note\": \"the milk\"}");
  }

  @Test
  void aFrameOfManyMegabytesIsReadBesideTheEventLoop(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    stage.tell("one", "m1", "large 15000000");
    events.await(NativeEvent.Complete.class);
    assertThat(events.events(NativeEvent.TextDelta.class).getFirst().text()).hasSize(15_000_000);
  }

  @Test
  void aMessageThatFitsNoFrameIsRefusedAndTheAgentStaysFree(Stage stage) {
    EventRecorder events = stage.record("one");
    stage.start("one");
    assertThat(
            stage
                .refusal(
                    Addresses.DELIVER_MESSAGE, Stage.message("one", "m1", "x".repeat(17 << 20)))
                .code())
        .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    stage.tell("one", "m2", "echo free");
    events.await(NativeEvent.Complete.class);
  }

  @Test
  void theAgentTypesOfTheFolderAreListedAndABrokenManifestIsLeftOut(Stage stage) {
    assertThat(stage.ask(Addresses.LIST_AGENT_TYPES, new ListAgentTypes()).types())
        .contains(new AgentType("scripted", "1.2.3", "Does what the message says."))
        .extracting(AgentType::type)
        .isSorted()
        .doesNotContain("broken");
  }

  @Test
  void healthSaysWhatTheHostGives(Stage stage) {
    stage.start("one");
    HealthReport health = stage.ask(Addresses.PODIUM_HEALTH, new HealthReport.Probe());
    assertThat(health.status()).isEqualTo("ok");
    assertThat(health.details()).containsEntry("agents", "1").containsKeys("sandbox", "python");
  }
}
