package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.DeliveryMessages.AddPushDevice;
import dev.concert.automation.DeliveryMessages.GetInboxDelivery;
import dev.concert.automation.DeliveryMessages.ListPushDevices;
import dev.concert.automation.DeliveryMessages.RemovePushDevice;
import dev.concert.automation.DeliveryMessages.TestInboxDelivery;
import dev.concert.automation.DeliveryMessages.UpdateInboxDelivery;
import dev.concert.automations.delivery.DeliveryOptions;
import dev.concert.automations.engine.PushReceiver.Pushed;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.DeliveryAddresses;
import dev.concert.protocol.DeliveryChannel;
import dev.concert.protocol.PushDevice;
import dev.concert.protocol.PushDevices;
import dev.concert.testing.Await;
import dev.concert.testing.log.ExpectedLog;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Items that reach browsers by their push services. */
@ExpectedLog(
    logger = "dev.concert.foundation.outbox.OutboxDelivery",
    message = "is given up",
    required = false)
class WebPushTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final Caller BEN = new Caller("t1", "ben", false);
  private static final Caller STRANGER = new Caller("t2", "anne", true);

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();
  private final PushReceiver receiver = new PushReceiver();

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
        new DeliveryOptions(Set.of(receiver.target()), Duration.ofSeconds(60)));
  }

  private PushDevice add(Engine engine, Caller who, String path) {
    return engine.ask(
        DeliveryAddresses.ADD_PUSH_DEVICE,
        new AddPushDevice(
            who, receiver.endpoint(path), receiver.p256dh(), receiver.auth(), "Firefox " + path));
  }

  private static PushDevices devices(Engine engine, Caller who) {
    return engine.ask(DeliveryAddresses.LIST_PUSH_DEVICES, new ListPushDevices(who));
  }

  private static void want(Engine engine, Caller who) {
    engine.ask(
        DeliveryAddresses.UPDATE_INBOX_DELIVERY,
        new UpdateInboxDelivery(who, "push", "info", null, false));
  }

  private static DeliveryChannel push(Engine engine, Caller who) {
    return engine
        .ask(DeliveryAddresses.GET_INBOX_DELIVERY, new GetInboxDelivery(who))
        .channels()
        .getLast();
  }

  private static void run(Engine engine, Caller who, String name) {
    String id = engine.create(who, name, "PT100H", null).automationId();
    engine.ask(
        AutomationAddresses.RUN_AUTOMATION, new AutomationMessages.RunAutomation(who, id, null));
  }

  @Test
  void anItemReachesTheBrowserWhichAloneReadsItAndKnowsTheServerAlsoAfterARestart() {
    String key;
    try (Engine engine = engine(START)) {
      add(engine, ANNE, "/one");
      want(engine, ANNE);
      gateway.answer("🙂 \u0001 and more. ".repeat(2000));
      run(engine, ANNE, "first");
      Pushed first = receiver.await(1);
      assertThat(first.path()).isEqualTo("/one");
      assertThat(first.headers())
          .containsEntry("content-encoding", "aes128gcm")
          .containsEntry("urgency", "normal")
          .containsKeys("ttl", "topic");
      assertThat(first.body().length).isLessThanOrEqualTo(4096);
      JsonObject read = receiver.read(first);
      JsonObject message = read.getJsonObject("message");
      assertThat(message.getString("title")).isEqualTo("Done: first");
      assertThat(message.getString("body")).startsWith("🙂 \u0001 and more.");
      assertThat(message.getString("tag")).startsWith("item_run_");
      key = devices(engine, ANNE).publicKey();
      assertThat(read.getBoolean("isSigned")).isTrue();
      assertThat(read.getString("sender")).isEqualTo(key);
      assertThat(read.getJsonObject("header").getString("alg")).isEqualTo("ES256");
      JsonObject claims = read.getJsonObject("claims");
      assertThat(claims.getString("aud")).isEqualTo("http://" + receiver.target());
      assertThat(claims.getString("sub")).startsWith("mailto:");
      assertThat(claims.getLong("exp"))
          .isBetween(START.getEpochSecond(), START.plus(Duration.ofHours(24)).getEpochSecond());

      // A service that is away gets the message again: it is the same one.
      receiver.answer("/one", 503);
      run(engine, ANNE, "second");
      receiver.await(2);
      Await.until("the fault", () -> "The server answers 503.".equals(push(engine, ANNE).fault()));
    }
    receiver.answer("/one", 201);
    try (Engine engine = engine(START.plus(Duration.ofHours(1)))) {
      Pushed again = receiver.await(3);
      assertThat(again.headers().get("topic"))
          .isEqualTo(receiver.pushed().get(1).headers().get("topic"));
      JsonObject read = receiver.read(again);
      assertThat(read.getJsonObject("message").getString("title")).isEqualTo("Done: second");
      assertThat(read.getString("sender")).isEqualTo(key);
      Await.until("all is sent", () -> push(engine, ANNE).waiting() == 0);
    }
    assertThat(receiver.pushed()).hasSize(3);
  }

  @Test
  void aBrowserThatItsServiceDoesNotKnowAnyMoreIsForgottenAndTheOthersGoOn() {
    try (Engine engine = engine(START)) {
      add(engine, ANNE, "/gone");
      add(engine, ANNE, "/unknown");
      PushDevice good = add(engine, ANNE, "/good");
      assertThat(add(engine, ANNE, "/good").deviceId()).isEqualTo(good.deviceId());
      want(engine, ANNE);
      receiver.answer("/gone", 410);
      receiver.answer("/unknown", 404);
      run(engine, ANNE, "first");
      Await.until(
          "two are forgotten",
          () ->
              devices(engine, ANNE).devices().stream()
                  .map(PushDevice::deviceId)
                  .toList()
                  .equals(List.of(good.deviceId())));
      receiver.await(3);

      engine.ask(DeliveryAddresses.TEST_INBOX_DELIVERY, new TestInboxDelivery(ANNE, "push"));
      assertThat(receiver.await(4).path()).isEqualTo("/good");
      engine.ask(DeliveryAddresses.REMOVE_PUSH_DEVICE, new RemovePushDevice(ANNE, good.deviceId()));
      run(engine, ANNE, "second");
      assertThatThrownBy(
              () ->
                  engine.ask(
                      DeliveryAddresses.TEST_INBOX_DELIVERY, new TestInboxDelivery(ANNE, "push")))
          .hasMessageContaining("no browser is subscribed");
    }
    assertThat(receiver.pushed()).hasSize(4);
  }

  @Test
  void devicesAreOfOneMemberOnThePublicInternetAndWhatABrowserGives() {
    try (Engine engine = engine(START)) {
      PushDevice device = add(engine, ANNE, "/one");
      for (Caller other : List.of(BEN, STRANGER)) {
        want(engine, other);
        assertThat(devices(engine, other).devices()).isEmpty();
        assertThatThrownBy(
                () ->
                    engine.ask(
                        DeliveryAddresses.REMOVE_PUSH_DEVICE,
                        new RemovePushDevice(other, device.deviceId())))
            .hasMessageContaining("no browser of this id");
      }
      for (String endpoint :
          List.of("https://127.0.0.1/", "https://169.254.169.254/", "https://localhost/")) {
        assertThatThrownBy(
                () ->
                    engine.ask(
                        DeliveryAddresses.ADD_PUSH_DEVICE,
                        new AddPushDevice(
                            ANNE, endpoint, receiver.p256dh(), receiver.auth(), null)))
            .hasMessageContaining("not on the public internet");
      }
      for (String key : List.of("AAAA", "!", receiver.p256dh().replaceFirst("^B", "A"))) {
        assertThatThrownBy(
                () ->
                    engine.ask(
                        DeliveryAddresses.ADD_PUSH_DEVICE,
                        new AddPushDevice(
                            ANNE, receiver.endpoint("/two"), key, receiver.auth(), null)))
            .hasMessageContaining("not what a browser gives");
      }
      run(engine, BEN, "ben's");
      run(engine, STRANGER, "a stranger's");
      want(engine, ANNE);
      run(engine, ANNE, "anne's");
      assertThat(receiver.read(receiver.await(1)).getJsonObject("message").getString("title"))
          .isEqualTo("Done: anne's");
    }
  }
}
