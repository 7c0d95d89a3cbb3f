package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationMessages.Automation;
import dev.concert.automation.AutomationMessages.AutomationNews;
import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.bus.AutomationAddresses;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is stored is told, once and in order. */
class NewsFeedTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final Caller BOB = new Caller("t2", "bob", false);

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();

  private static List<String> types(List<AutomationNews> news) {
    return news.stream().map(AutomationNews::type).toList();
  }

  @Test
  void eachStepIsToldOnceAndInItsOrder() {
    try (Engine engine = new Engine(data, gateway, START)) {
      List<AutomationNews> news = engine.news();
      Automation made = engine.create(ANNE, "often", "PT30M", null);
      String id = made.automationId();
      engine.create(BOB, "other", "PT30M", null);
      gateway.hold();
      engine.advance(Duration.ofMinutes(30));
      Await.until("two runs", () -> gateway.begun().size() == 2);
      engine.advance(Duration.ofMinutes(30));
      Await.until(
          "two that are left out",
          () ->
              of(news, "t1", "run_skipped").size() == 1
                  && of(news, "t2", "run_skipped").size() == 1);
      gateway.release();
      Await.until("two items", () -> types(news).stream().filter(isItem()).count() == 2);
      engine.ask(
          AutomationAddresses.PAUSE_AUTOMATION, new AutomationMessages.PauseAutomation(ANNE, id));
      InboxItem item =
          engine
              .ask(
                  AutomationAddresses.LIST_INBOX, new AutomationMessages.ListInbox(ANNE, "all", 10))
              .items()
              .getFirst();
      engine.ask(
          AutomationAddresses.UPDATE_INBOX_ITEM,
          new AutomationMessages.UpdateInboxItem(ANNE, item.itemId(), "seen", null));
      engine.ask(
          AutomationAddresses.DELETE_AUTOMATION, new AutomationMessages.DeleteAutomation(ANNE, id));
      Await.until("the end", () -> of(news, "t1", "deleted").size() == 1);

      assertThat(types(of(news, "t1", "")))
          .containsExactly(
              "automation.created",
              "automation.run_queued",
              "automation.run_started",
              "automation.run_skipped",
              "automation.run_completed",
              "inbox.item_created",
              "automation.updated",
              "inbox.item_updated",
              "automation.deleted");
      assertThat(of(news, "t1", "")).allMatch(one -> one.owner().equals("anne"));
      assertThat(of(news, "t1", "run_skipped").getFirst().slot().reason()).contains("not over");
      assertThat(of(news, "t2", "")).allMatch(one -> one.owner().equals("bob")).hasSize(6);
    }
  }

  private static Predicate<String> isItem() {
    return "inbox.item_created"::equals;
  }

  private static List<AutomationNews> of(List<AutomationNews> news, String tenant, String type) {
    synchronized (news) {
      return news.stream()
          .filter(one -> one.tenantId().equals(tenant) && one.type().contains(type))
          .toList();
    }
  }

  @Test
  void whatACrashKeptBackIsToldByTheNextProcess() {
    try (Engine engine = new Engine(data, gateway, START)) {
      gateway.hold();
      engine.create(ANNE, "often", "PT30M", null);
      engine.advance(Duration.ofMinutes(30));
      Await.until("the run", () -> gateway.begun().size() == 1);
    }
    gateway.release();
    try (Engine engine = new Engine(data, gateway, START.plus(Duration.ofMinutes(31)))) {
      List<AutomationNews> news = engine.news();
      Await.until("the item", () -> types(news).contains("inbox.item_created"));
      assertThat(types(news))
          .endsWith("automation.run_completed", "inbox.item_created")
          .doesNotContain("automation.created");
    }
  }
}
