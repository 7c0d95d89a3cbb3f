package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automation.InboxMessages;
import dev.concert.automation.InboxMessages.ItemChange;
import dev.concert.automation.InboxMessages.RuleDecision;
import dev.concert.automation.InboxMessages.StoredRule;
import dev.concert.automation.InboxRule;
import dev.concert.bus.AutomationAddresses;
import dev.concert.error.ConcertException;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules and agents sort an inbox; each change can be seen and taken back. */
class InboxTriageTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final Caller BOB = new Caller("t1", "bob", false);

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();

  private static String create(Engine engine, String name) {
    return engine
        .ask(
            AutomationAddresses.CREATE_AUTOMATION,
            new AutomationMessages.CreateAutomation(
                ANNE,
                name,
                new AutomationTrigger(AutomationTrigger.Kind.MANUAL, null, null),
                new AutomationTask(name, null, null, null, null, null),
                null,
                false))
        .automationId();
  }

  private static StoredRule rule(Engine engine, InboxRule.Match when, InboxRule.Action then) {
    return engine.ask(
        AutomationAddresses.CREATE_INBOX_RULE,
        new InboxMessages.CreateRule(ANNE, new InboxRule("my rule", when, then)));
  }

  private static InboxRule.Match of(String automation) {
    return new InboxRule.Match(List.of("result"), List.of("info"), automation, List.of("DONE"));
  }

  private static InboxRule.Action then(String action) {
    return new InboxRule.Action(action, null, null, null);
  }

  /** The automation runs; this is what it left. */
  private static InboxItem run(Engine engine, String automation) {
    // A run that a person starts has a millisecond of its own.
    engine.advance(Duration.ofSeconds(1));
    String run =
        engine
            .ask(
                AutomationAddresses.RUN_AUTOMATION,
                new AutomationMessages.RunAutomation(ANNE, automation, null))
            .runId();
    Await.until("the item", () -> items(engine).stream().anyMatch(one -> run.equals(one.runId())));
    return items(engine).stream().filter(one -> run.equals(one.runId())).findFirst().orElseThrow();
  }

  private static List<InboxItem> items(Engine engine) {
    return engine
        .ask(AutomationAddresses.LIST_INBOX, new AutomationMessages.ListInbox(ANNE, "all", 100))
        .items();
  }

  private static InboxItem item(Engine engine, String id) {
    return items(engine).stream().filter(one -> one.itemId().equals(id)).findFirst().orElseThrow();
  }

  private static List<ItemChange> history(Engine engine, String id) {
    return engine
        .ask(AutomationAddresses.LIST_ITEM_HISTORY, new InboxMessages.ListItemHistory(ANNE, id))
        .changes();
  }

  private static InboxItem undo(Engine engine, String id) {
    return engine.ask(
        AutomationAddresses.UNDO_ITEM_CHANGE, new InboxMessages.UndoItemChange(ANNE, id));
  }

  @Test
  void rulesRateSnoozeCloseAndMergeAndEachCanBeTakenBack() {
    try (Engine engine = new Engine(data, gateway, START)) {
      String noisy = create(engine, "noisy");
      rule(engine, of(noisy), new InboxRule.Action("rate", "error", null, null));
      InboxItem rated = run(engine, noisy);
      assertThat(rated.severity()).isEqualTo("error");
      assertThat(history(engine, rated.itemId()))
          .singleElement()
          .satisfies(
              change -> {
                assertThat(change.by()).isEqualTo("rule");
                assertThat(change.actor()).isEqualTo("my rule");
                assertThat(change.note()).isEqualTo("info is now error");
              });
      assertThat(undo(engine, rated.itemId()).severity()).isEqualTo("info");
      assertThat(history(engine, rated.itemId()))
          .extracting(ItemChange::action, ItemChange::isUndone)
          .containsExactly(tuple("undo", false), tuple("rate", true));

      String later = create(engine, "later");
      rule(engine, of(later), new InboxRule.Action("snooze", null, "PT4H", null));
      InboxItem snoozed = run(engine, later);
      assertThat(snoozed.state()).isEqualTo("snoozed");
      assertThat(snoozed.snoozedUntil())
          .isEqualTo(snoozed.createdAt() + Duration.ofHours(4).toMillis());

      String closed = create(engine, "closed");
      rule(engine, of(closed), then("close"));
      InboxItem done = run(engine, closed);
      assertThat(done.state()).isEqualTo("done");
      engine.ask(
          AutomationAddresses.UPDATE_INBOX_ITEM,
          new AutomationMessages.UpdateInboxItem(ANNE, done.itemId(), "seen", null));
      assertThat(history(engine, done.itemId())).extracting(ItemChange::by).startsWith("person");
      assertThat(undo(engine, done.itemId()).state()).isEqualTo("done");
      assertThat(undo(engine, done.itemId()).state()).isEqualTo("new");
      assertThatThrownBy(() -> undo(engine, done.itemId()))
          .isInstanceOf(ConcertException.class)
          .hasMessageContaining("can be taken back");

      String twice = create(engine, "twice");
      rule(engine, of(twice), then("merge"));
      InboxItem first = run(engine, twice);
      InboxItem second = run(engine, twice);
      assertThat(first.state()).isEqualTo("new");
      assertThat(second.mergedInto()).isEqualTo(first.itemId());
      assertThat(second.state()).isEqualTo("done");
      assertThat(item(engine, first.itemId()).merged()).isEqualTo(1);
      assertThat(undo(engine, second.itemId()).mergedInto()).isNull();
      assertThat(item(engine, first.itemId()).merged()).isZero();
    }
  }

  @Test
  void anAgentsDecisionIsFollowedAndCanBeTakenBack() {
    try (Engine engine = new Engine(data, gateway, START)) {
      String work = create(engine, "work");
      InboxItem known = run(engine, work);
      String triage = create(engine, "triage");
      rule(engine, of(work), new InboxRule.Action("agent", null, null, triage));

      gateway.answer("done. {\"decision\":\"merge\",\"into\":\"" + known.itemId() + "\"}");
      InboxItem merged = run(engine, work);
      Await.until(
          "the merge", () -> known.itemId().equals(item(engine, merged.itemId()).mergedInto()));
      assertThat(gateway.begun().getLast())
          .startsWith("triage")
          .contains("\"openItems\"", known.itemId(), "{\"decision\":\"close\"");
      assertThat(history(engine, merged.itemId()))
          .extracting(ItemChange::by, ItemChange::action)
          .containsExactly(tuple("agent", "merge"), tuple("rule", "agent"));
      assertThat(undo(engine, merged.itemId()).state()).isEqualTo("new");

      gateway.answer(
          "done {\"decision\":\"rate\",\"severity\":\"error\",\"reason\":\"It is bad.\"} Bye.");
      InboxItem rated = run(engine, work);
      Await.until("the rate", () -> item(engine, rated.itemId()).severity().equals("error"));
      assertThat(history(engine, rated.itemId()).getFirst().note())
          .isEqualTo("info is now error. It is bad.");

      gateway.answer("done {\"decision\":\"ask\",\"question\":\"Is it known?\"}");
      InboxItem asked = run(engine, work);
      Await.until("the question", () -> items(engine).stream().anyMatch(this::isQuestion));
      InboxItem question =
          items(engine).stream().filter(this::isQuestion).findFirst().orElseThrow();
      assertThat(question.body()).isEqualTo("Is it known?");
      assertThat(question.sessionId()).isNotNull();
      undo(engine, asked.itemId());
      assertThat(item(engine, question.itemId()).state()).isEqualTo("done");

      gateway.answer("done {\"decision\":\"merge\",\"into\":\"item_of_somebody\"}");
      InboxItem left = run(engine, work);
      Await.until(
          "a note", () -> history(engine, left.itemId()).getFirst().action().equals("none"));
      assertThat(item(engine, left.itemId()).state()).isEqualTo("new");
      assertThat(engine.states(triage)).hasSize(4).containsOnly("done");
    }
  }

  private boolean isQuestion(InboxItem item) {
    return item.kind().equals("question");
  }

  @Test
  void aDecisionSurvivesACrashAndIsFollowedOnce() {
    gateway.answer("done {\"decision\":\"close\",\"reason\":\"Noise.\"}");
    InboxItem item;
    String triage;
    try (Engine engine = new Engine(data, gateway, START)) {
      String work = create(engine, "work");
      triage = create(engine, "triage");
      rule(engine, of(work), new InboxRule.Action("agent", null, null, triage));
      gateway.loseReplyOf("run_turn");
      engine.ask(
          AutomationAddresses.RUN_AUTOMATION,
          new AutomationMessages.RunAutomation(ANNE, work, null));
      Await.until("the turn", () -> gateway.begun().size() == 1);
    }
    try (Engine engine = new Engine(data, gateway, START.plusSeconds(2))) {
      Await.until(
          "the item is closed",
          () -> items(engine).stream().anyMatch(one -> one.state().equals("done")));
      item = items(engine).getFirst();
      assertThat(history(engine, item.itemId()))
          .extracting(ItemChange::action)
          .containsExactly("close", "agent");
      assertThat(items(engine)).hasSize(1);
      assertThat(engine.states(triage)).containsExactly("done");
    }
  }

  @Test
  void rulesAndHistoriesAreTheirOwnersOnlyAndWrongOnesAreRefused() {
    try (Engine engine = new Engine(data, gateway, START)) {
      String work = create(engine, "work");
      engine.ask(
          AutomationAddresses.CREATE_INBOX_RULE,
          new InboxMessages.CreateRule(BOB, new InboxRule("bob's", null, then("close"))));
      InboxItem item = run(engine, work);
      assertThat(item.state()).isEqualTo("new");
      assertThatThrownBy(
              () ->
                  engine.ask(
                      AutomationAddresses.LIST_ITEM_HISTORY,
                      new InboxMessages.ListItemHistory(BOB, item.itemId())))
          .hasMessageContaining("no item of this id");
      StoredRule mine = rule(engine, null, then("close"));
      assertThat(
              engine
                  .ask(AutomationAddresses.LIST_INBOX_RULES, new InboxMessages.ListRules(ANNE))
                  .rules())
          .containsExactly(mine);
      assertThatThrownBy(
              () ->
                  engine.ask(
                      AutomationAddresses.DELETE_INBOX_RULE,
                      new InboxMessages.DeleteRule(BOB, mine.ruleId())))
          .hasMessageContaining("no rule of this id");
      engine.ask(
          AutomationAddresses.DELETE_INBOX_RULE, new InboxMessages.DeleteRule(ANNE, mine.ruleId()));
      assertThatThrownBy(
              () -> rule(engine, null, new InboxRule.Action("snooze", null, "four hours", null)))
          .hasMessageContaining("PT4H");
      assertThatThrownBy(
              () -> rule(engine, null, new InboxRule.Action("agent", null, null, "auto_x")))
          .hasMessageContaining("no automation of yours");
    }
    assertThat(then("burn").fault().orElseThrow()).contains("merge");
    assertThat(new InboxRule.Action("rate", "x", null, null).fault()).isPresent();
  }

  private static StoredRule change(
      Engine engine, Caller who, String rule, InboxRule.Action then, Boolean isOn) {
    return engine.ask(
        AutomationAddresses.UPDATE_INBOX_RULE,
        new InboxMessages.UpdateRule(who, rule, null, null, then, isOn));
  }

  private static List<RuleDecision> decisions(Engine engine, Caller who, String rule) {
    return engine
        .ask(
            AutomationAddresses.LIST_RULE_DECISIONS, new InboxMessages.ListRuleDecisions(who, rule))
        .decisions();
  }

  @Test
  void aRuleIsChangedAndSwitchedOffAndKeepsWhatItDecided() {
    StoredRule rule;
    try (Engine engine = new Engine(data, gateway, START)) {
      String work = create(engine, "work");
      rule = rule(engine, null, then("close"));
      assertThat(run(engine, work).state()).isEqualTo("done");
      change(engine, ANNE, rule.ruleId(), null, false);
      assertThat(run(engine, work).state()).isEqualTo("new");
      assertThatThrownBy(
              () ->
                  change(
                      engine,
                      ANNE,
                      rule.ruleId(),
                      new InboxRule.Action("snooze", null, "-PT1H", null),
                      null))
          .hasMessageContaining("more than nothing");
      for (Caller stranger : List.of(BOB, new Caller("t2", "anne", true))) {
        assertThatThrownBy(() -> change(engine, stranger, rule.ruleId(), null, true))
            .hasMessageContaining("no rule of this id");
        assertThatThrownBy(() -> decisions(engine, stranger, rule.ruleId()))
            .hasMessageContaining("no rule of this id");
      }
    }
    try (Engine engine = new Engine(data, gateway, START.plusSeconds(60))) {
      String work = create(engine, "more work");
      assertThat(run(engine, work).state()).isEqualTo("new");
      StoredRule changed =
          change(
              engine, ANNE, rule.ruleId(), new InboxRule.Action("rate", "error", null, null), true);
      assertThat(changed.createdAt()).isEqualTo(rule.createdAt());
      InboxItem rated = run(engine, work);
      assertThat(rated.severity()).isEqualTo("error");
      undo(engine, rated.itemId());
      List<RuleDecision> decisions = decisions(engine, ANNE, rule.ruleId());
      assertThat(decisions)
          .extracting(one -> one.change().action())
          .containsExactly("rate", "close");
      assertThat(decisions.getFirst().title()).isEqualTo("Done: more work");
      assertThat(decisions.getFirst().change().isUndone()).isTrue();
    }
  }
}
