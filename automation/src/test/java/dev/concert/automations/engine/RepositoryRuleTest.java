package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationMessages.Automation;
import dev.concert.automation.AutomationMessages.AutomationNews;
import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationMessages.Slot;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automation.EventMessages.RuleWork;
import dev.concert.bus.AutomationAddresses;
import dev.concert.error.ConcertException;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules in the files of repositories are automations that are changed and begun there. */
class RepositoryRuleTest {
  private static final Instant START = Instant.parse("2026-03-02T09:30:12Z");
  private static final Caller STRANGER = new Caller("t2", "anne", true);
  private static final String PULL = "https://github.com/acme/site/pull/8";

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();

  private static void tell(Engine engine, String work, int line, String state, String pull) {
    engine.ask(
        AutomationAddresses.TAKE_RULE_WORK,
        new RuleWork(
            "t1",
            "anne",
            "acme/site",
            ".github/concert.yml",
            "bugs",
            line,
            "Find the bug.",
            work,
            7,
            START.toEpochMilli(),
            state,
            state.equals("queued") ? null : "s_" + work,
            state.equals("failed") ? "Git did not do it." : "",
            pull));
  }

  private static List<Automation> list(Engine engine, Caller who) {
    return engine
        .ask(
            AutomationAddresses.LIST_AUTOMATIONS,
            new AutomationMessages.ListAutomations(who, 100, null))
        .automations();
  }

  private static String why(Engine engine, String id) {
    return engine
        .ask(
            AutomationAddresses.EXPLAIN_TIME,
            new AutomationMessages.ExplainTime(ANNE, id, START.toEpochMilli()))
        .message();
  }

  @Test
  void theWorkOfARuleIsASlotWithARunThatTheEngineShowsAndDoesNotExecute() {
    String id;
    try (Engine engine = new Engine(data, gateway, START)) {
      List<AutomationNews> news = engine.news();
      tell(engine, "w1", 12, "queued", null);
      tell(engine, "w1", 12, "running", null);
      tell(engine, "w1", 12, "running", null);
      Automation rule = list(engine, ANNE).getFirst();
      id = rule.automationId();
      assertThat(rule.name()).isEqualTo("bugs (acme/site)");
      assertThat(rule.owner()).isEqualTo("anne");
      assertThat(rule.task().prompt()).isEqualTo("Find the bug.");
      assertThat(rule.description()).isEqualTo("by the rule at acme/site/.github/concert.yml:12");
      assertThat(engine.states(id)).containsExactly("claimed");
      assertThat(why(engine, id)).contains(" is running.");
      // A second issue at the same moment; the rule has moved in its file.
      tell(engine, "w2", 14, "failed", null);
      Await.until(
          "the news",
          () -> news.stream().anyMatch(one -> one.type().equals("automation.run_failed")));
      assertThat(news)
          .extracting(AutomationNews::type)
          .containsSubsequence(
              "automation.created", "automation.run_queued", "automation.run_started");
    }
    try (Engine engine = new Engine(data, gateway, START.plusSeconds(60))) {
      tell(engine, "w1", 14, "succeeded", PULL);
      tell(engine, "w1", 14, "succeeded", PULL);
      List<Slot> slots = engine.slots(id);
      assertThat(slots).extracting(Slot::state).containsExactly("done", "done");
      assertThat(slots)
          .extracting(slot -> slot.run().state())
          .containsExactly("failed", "succeeded");
      assertThat(slots.getFirst().run().error()).isEqualTo("Git did not do it.");
      assertThat(slots.getLast().run().sessionId()).isEqualTo("s_w1");
      assertThat(slots.getLast().run().pullUrl()).isEqualTo(PULL);
      assertThat(why(engine, id)).contains("succeeded", PULL);
      assertThat(list(engine, ANNE).getFirst().trigger().expression()).endsWith(":14");
      assertThat(list(engine, STRANGER)).isEmpty();

      // Somebody goes on with it on GitHub.
      tell(engine, "w1", 14, "running", PULL);
      assertThat(engine.states(id)).containsExactly("done", "claimed");
    }
    assertThat(gateway.begun()).isEmpty();
    assertThat(gateway.sessions()).isZero();
  }

  @Test
  void aRuleIsNotMadeChangedOrBegunHereButItsHistoryCanBeDeleted() {
    try (Engine engine = new Engine(data, gateway, START)) {
      tell(engine, "w1", 12, "succeeded", null);
      String id = list(engine, ANNE).getFirst().automationId();
      List<Runnable> refused =
          List.of(
              () ->
                  engine.ask(
                      AutomationAddresses.UPDATE_AUTOMATION,
                      new AutomationMessages.UpdateAutomation(ANNE, id, "x", null, null, null)),
              () ->
                  engine.ask(
                      AutomationAddresses.PAUSE_AUTOMATION,
                      new AutomationMessages.PauseAutomation(ANNE, id)),
              () ->
                  engine.ask(
                      AutomationAddresses.RUN_AUTOMATION,
                      new AutomationMessages.RunAutomation(ANNE, id, null)));
      for (Runnable change : refused) {
        assertThatThrownBy(change::run)
            .isInstanceOf(ConcertException.class)
            .hasMessageContaining("acme/site/.github/concert.yml:12. Change it there.");
      }
      AutomationTrigger made =
          new AutomationTrigger(AutomationTrigger.Kind.RULE, "acme/site/x:1", null);
      assertThat(made.fault().orElseThrow()).contains("rules in the files of repositories");

      engine.ask(
          AutomationAddresses.DELETE_AUTOMATION, new AutomationMessages.DeleteAutomation(ANNE, id));
      assertThat(list(engine, ANNE)).isEmpty();
    }
  }
}
