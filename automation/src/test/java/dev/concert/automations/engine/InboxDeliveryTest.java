package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationMessages.OwnerLost;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automation.DeliveryMessages.Delivered;
import dev.concert.automation.DeliveryMessages.GetInboxDelivery;
import dev.concert.automation.DeliveryMessages.MailMember;
import dev.concert.automation.DeliveryMessages.NotifyMember;
import dev.concert.automation.DeliveryMessages.TestInboxDelivery;
import dev.concert.automation.DeliveryMessages.UpdateInboxDelivery;
import dev.concert.automation.InboxMessages;
import dev.concert.automation.InboxRule;
import dev.concert.automations.delivery.DeliveryOptions;
import dev.concert.automations.engine.WebhookReceiver.Posted;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.DeliveryAddresses;
import dev.concert.protocol.DeliveryChannel;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Items of an inbox that reach their owner elsewhere. */
@ExpectedLog(
    logger = "dev.concert.foundation.outbox.OutboxDelivery",
    message = "is given up",
    required = false)
class InboxDeliveryTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final Caller BEN = new Caller("t1", "ben", false);
  private static final Caller STRANGER = new Caller("t2", "anne", true);

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();
  private final WebhookReceiver receiver = new WebhookReceiver();

  @AfterEach
  void close() {
    receiver.close();
  }

  private Engine engine(Instant start) {
    return new Engine(
        data,
        gateway,
        start,
        100,
        new DeliveryOptions(Set.of("127.0.0.1:" + receiver.port()), Duration.ofSeconds(60)));
  }

  private static DeliveryChannel set(
      Engine engine, Caller who, String channel, String from, String url) {
    return engine.ask(
        DeliveryAddresses.UPDATE_INBOX_DELIVERY,
        new UpdateInboxDelivery(who, channel, from, url, false));
  }

  private static Map<String, DeliveryChannel> channels(Engine engine, Caller who) {
    return engine
        .ask(DeliveryAddresses.GET_INBOX_DELIVERY, new GetInboxDelivery(who))
        .channels()
        .stream()
        .collect(Collectors.toMap(DeliveryChannel::channel, one -> one));
  }

  private void run(Engine engine, Caller who, String name) {
    String id = engine.create(who, name, "PT100H", null).automationId();
    engine.ask(
        AutomationAddresses.RUN_AUTOMATION, new AutomationMessages.RunAutomation(who, id, null));
  }

  @Test
  void anItemIsPostedWithItsSignatureUntilItIsTakenAlsoAfterACrash() {
    String secret;
    try (Engine engine = engine(START)) {
      DeliveryChannel made = set(engine, ANNE, "webhook", "info", receiver.url());
      secret = made.secret();
      assertThat(set(engine, ANNE, "webhook", "info", null).secret()).isNull();

      receiver.answer(503);
      run(engine, ANNE, "first");
      Posted refused = receiver.await(1);
      Await.until(
          "the fault is shown",
          () -> "The server answers 503.".equals(channels(engine, ANNE).get("webhook").fault()));
      receiver.answer(204);
      engine.advance(Duration.ofMinutes(2));
      Posted taken = receiver.await(2);
      assertThat(taken.id()).isEqualTo(refused.id()).startsWith("item_run_");
      assertThat(taken.body().path("type").asText()).isEqualTo("inbox.item_created");
      assertThat(taken.body().at("/data/title").asText()).isEqualTo("Done: first");
      assertThat(taken.isSignedWith(secret)).isTrue();
      Await.until("all is sent", () -> channels(engine, ANNE).get("webhook").waiting() == 0);

      // The answer to this one never comes: the process ends before.
      receiver.hang();
      run(engine, ANNE, "second");
      receiver.await(3);
    }
    receiver.answer(200);
    try (Engine engine = engine(START.plus(Duration.ofHours(1)))) {
      Posted again = receiver.await(4);
      assertThat(again.body().at("/data/title").asText()).isEqualTo("Done: second");
      assertThat(again.id()).isEqualTo(receiver.posted().get(2).id());
      assertThat(again.isSignedWith(secret)).isTrue();
      Await.until("all is sent", () -> channels(engine, ANNE).get("webhook").waiting() == 0);
    }
    assertThat(receiver.posted()).hasSize(4);
  }

  @Test
  void anItemThatIsTakenDuringAStopIsNotPostedAgain() {
    Engine ending = engine(START);
    set(ending, ANNE, "webhook", "info", receiver.url());
    receiver.hold();
    run(ending, ANNE, "first");
    receiver.await(1);
    ending.closeWhile(receiver::answerNow);
    try (Engine engine = engine(START.plus(Duration.ofHours(1)))) {
      run(engine, ANNE, "second");
      receiver.await(2);
      Await.until("all is sent", () -> channels(engine, ANNE).get("webhook").waiting() == 0);
    }
    assertThat(receiver.posted())
        .extracting(one -> one.body().at("/data/title").asText())
        .containsExactly("Done: first", "Done: second");
  }

  @Test
  void eachIsToldFromTheirSeverityOnByTheirChannelsAndAQuietHeartbeatTellsNobody() {
    List<MailMember> mails = new CopyOnWriteArrayList<>();
    List<NotifyMember> notices = new CopyOnWriteArrayList<>();
    try (Engine engine = engine(START)) {
      engine.serve(
          DeliveryAddresses.MAIL_MEMBER,
          mail -> {
            mails.add(mail);
            return Future.succeededFuture(Delivered.sent());
          });
      engine.serve(
          DeliveryAddresses.NOTIFY_MEMBER,
          notice -> {
            notices.add(notice);
            return Future.succeededFuture(Delivered.refused("No direct chat."));
          });
      set(engine, ANNE, "email", "info", null);
      set(engine, BEN, "email", "warning", null);
      set(engine, BEN, "chat", "info", null);
      set(engine, STRANGER, "email", "info", null);

      gateway.answer("HEARTBEAT_OK");
      String heartbeat =
          engine
              .ask(
                  AutomationAddresses.CREATE_AUTOMATION,
                  new AutomationMessages.CreateAutomation(
                      ANNE,
                      "heartbeat",
                      new AutomationTrigger(AutomationTrigger.Kind.HEARTBEAT, "PT1H", null),
                      new AutomationTask("Is all well?", null, null, "s1", null, null),
                      null,
                      false))
              .automationId();
      engine.advance(Duration.ofHours(1));
      Await.until("a heartbeat", () -> engine.states(heartbeat).equals(List.of("done")));
      gateway.answer("done");
      run(engine, ANNE, "anne's");
      run(engine, BEN, "ben's");
      Await.until("a mail and a notice", () -> mails.size() == 1 && notices.size() == 1);
      assertThat(mails.getFirst().userId()).isEqualTo("anne");
      assertThat(mails.getFirst().subject()).isEqualTo("Done: anne's");
      assertThat(notices.getFirst().text()).isEqualTo("Done: ben's\n\ndone");
      Await.until("it is given up", () -> channels(engine, BEN).get("chat").failed() == 1);
      assertThat(channels(engine, BEN).get("chat").fault()).isEqualTo("No direct chat.");

      engine.ask(
          AutomationAddresses.OWNER_LOST,
          new OwnerLost("t1", "anne", "Its owner is no member any more.", "ben"));
      gateway.remove("anne");
      Await.until(
          "ben's warning", () -> mails.size() >= 2 && mails.getLast().userId().equals("ben"));
      assertThat(channels(engine, STRANGER).get("email").failed()).isZero();

      engine.ask(DeliveryAddresses.TEST_INBOX_DELIVERY, new TestInboxDelivery(BEN, "email"));
      Await.until("the test", () -> mails.getLast().subject().equals("A test of the delivery"));
    }
    assertThat(mails).allMatch(mail -> mail.tenantId().equals("t1"));
  }

  @Test
  void aSnoozedItemIsQuietUntilItsSnoozeEndsAndIsThenDeliveredOnceAlsoAfterARestart() {
    Instant noon = START.plus(Duration.ofHours(12));
    String snoozed;
    try (Engine engine = engine(START)) {
      set(engine, ANNE, "webhook", "info", receiver.url());
      // A person snoozes what was delivered; a rule what comes.
      run(engine, ANNE, "first");
      snoozed = receiver.await(1).id();
      snooze(engine, snoozed, noon);
      engine.ask(
          AutomationAddresses.CREATE_INBOX_RULE,
          new InboxMessages.CreateRule(
              ANNE,
              new InboxRule(
                  "later",
                  new InboxRule.Match(List.of(), List.of(), null, List.of("second")),
                  new InboxRule.Action("snooze", null, "PT12H", null))));
      run(engine, ANNE, "second");
      run(engine, ANNE, "third");
      assertThat(receiver.await(2).body().at("/data/title").asText()).isEqualTo("Done: third");

      // A snooze that is cancelled delivers nothing.
      String third = receiver.posted().get(1).id();
      snooze(engine, third, noon);
      engine.ask(
          AutomationAddresses.UNDO_ITEM_CHANGE, new InboxMessages.UndoItemChange(ANNE, third));
      engine.advance(Duration.ofHours(11));
      run(engine, ANNE, "fourth");
      assertThat(receiver.await(3).body().at("/data/title").asText()).isEqualTo("Done: fourth");
      Await.until("all is sent", () -> channels(engine, ANNE).get("webhook").waiting() == 0);
    }
    try (Engine engine = engine(noon.plus(Duration.ofHours(1)))) {
      receiver.await(5);
      Await.until("all is sent", () -> channels(engine, ANNE).get("webhook").waiting() == 0);
      run(engine, ANNE, "fifth");
      receiver.await(6);
      assertThat(
              engine
                  .ask(
                      AutomationAddresses.LIST_INBOX,
                      new AutomationMessages.ListInbox(ANNE, "new", 100))
                  .items())
          .hasSize(5)
          .allMatch(item -> item.snoozedUntil() == null);
    }
    assertThat(receiver.posted())
        .extracting(one -> one.body().at("/data/title").asText())
        .containsExactlyInAnyOrder(
            "Done: first",
            "Done: third",
            "Done: fourth",
            "Done: first",
            "Done: second",
            "Done: fifth");
    // A receiver that ignores known ids must take it as a new message.
    assertThat(receiver.posted()).extracting(Posted::id).doesNotHaveDuplicates();
  }

  private static void snooze(Engine engine, String item, Instant until) {
    engine.ask(
        AutomationAddresses.UPDATE_INBOX_ITEM,
        new AutomationMessages.UpdateInboxItem(ANNE, item, "snoozed", until.toEpochMilli()));
  }

  @Test
  void addressesThatAreNotPublicAreRefusedWhenTheyAreSet() {
    try (Engine engine = engine(START)) {
      for (String url :
          List.of(
              "https://127.0.0.1/",
              "https://localhost:" + receiver.port(),
              "https://[::1]/",
              "https://[::ffff:10.0.0.1]/",
              "https://169.254.169.254/latest",
              "https://0.0.0.0:" + receiver.port())) {
        assertThatThrownBy(() -> set(engine, ANNE, "webhook", "info", url))
            .as(url)
            .hasMessageContaining("not on the public internet");
      }
      for (String url :
          List.of("http://example.com/", "ftp://a", "https://u@a/", "x", "https:///")) {
        assertThatThrownBy(() -> set(engine, ANNE, "webhook", "info", url))
            .as(url)
            .hasMessageContaining("'url' must");
      }
      assertThatThrownBy(() -> set(engine, ANNE, "webhook", "info", null))
          .hasMessageContaining("needs a 'url'");
      assertThatThrownBy(() -> set(engine, ANNE, "email", "info", receiver.url()))
          .hasMessageContaining("only a webhook");
      assertThatThrownBy(
              () ->
                  engine.ask(
                      DeliveryAddresses.TEST_INBOX_DELIVERY, new TestInboxDelivery(ANNE, "chat")))
          .hasMessageContaining("switch it on first");
    }
  }
}
