package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.automation.AutomationPolicy;
import dev.concert.automation.AutomationPolicy.Permissions;
import dev.concert.automation.InboxMessages.ItemChange;
import dev.concert.automation.InboxMessages.ListItemHistory;
import dev.concert.bus.AutomationAddresses;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left in the inbox when an automation is deleted. */
class DeletedAutomationTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final Instant DUE = START.plus(Duration.ofHours(1));
  private static final AutomationPolicy ASKING =
      new AutomationPolicy(
          null,
          null,
          null,
          null,
          null,
          86_400,
          null,
          Permissions.WAIT,
          null,
          600,
          null,
          null,
          null,
          null);

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();

  private static List<InboxItem> inbox(Engine engine) {
    return engine
        .ask(AutomationAddresses.LIST_INBOX, new AutomationMessages.ListInbox(ANNE, "all", 100))
        .items();
  }

  private static void delete(Engine engine, String id) {
    engine.ask(
        AutomationAddresses.DELETE_AUTOMATION, new AutomationMessages.DeleteAutomation(ANNE, id));
  }

  @Test
  void whatItFoundStaysSaysThatItIsDeletedAndCanBeAnswered() {
    try (Engine engine = new Engine(data, gateway, START)) {
      String id = engine.create(ANNE, "look", "PT1H", null).automationId();
      String other = engine.create(ANNE, "other", "PT1H", null).automationId();
      engine.moveTo(DUE);
      Await.until("both results", () -> inbox(engine).size() == 2);
      assertThat(inbox(engine)).noneMatch(InboxItem::isAutomationDeleted);
      delete(engine, id);

      InboxItem left = of(engine, id);
      assertThat(left.isAutomationDeleted()).isTrue();
      assertThat(left.title()).isEqualTo("Done: look");
      assertThat(left.state()).isEqualTo("new");
      assertThat(of(engine, other).isAutomationDeleted()).isFalse();
      engine.ask(
          AutomationAddresses.REPLY_TO_INBOX_ITEM,
          new AutomationMessages.ReplyToInboxItem(ANNE, left.itemId(), "go on"));
      assertThat(gateway.begun()).contains("go on");
      assertThat(of(engine, id).state()).isEqualTo("done");
    }
  }

  private static InboxItem of(Engine engine, String automation) {
    return inbox(engine).stream()
        .filter(one -> one.automationId().equals(automation))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatARunOfItAsksIsDoneSinceNobodyHearsTheAnswer() {
    gateway.ask(DUE);
    try (Engine engine = new Engine(data, gateway, START)) {
      String id = engine.create(ANNE, "asks", "PT1H", ASKING).automationId();
      engine.moveTo(DUE);
      Await.until("the question", () -> inbox(engine).size() == 1);
      assertThat(inbox(engine).getFirst().title()).isEqualTo("Waits for you: asks");
      delete(engine, id);

      InboxItem question = inbox(engine).getFirst();
      assertThat(question.state()).isEqualTo("done");
      assertThat(question.isAutomationDeleted()).isTrue();
      assertThat(
              engine
                  .ask(
                      AutomationAddresses.LIST_ITEM_HISTORY,
                      new ListItemHistory(ANNE, question.itemId()))
                  .changes())
          .singleElement()
          .extracting(ItemChange::actor, ItemChange::note)
          .containsExactly("anne", "The automation was deleted.");
      engine.advance(Duration.ofSeconds(5));
      assertThat(inbox(engine)).hasSize(1);
    }
  }
}
