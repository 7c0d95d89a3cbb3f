package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automation.EventMessages.RuleWork;
import dev.concert.bus.AutomationAddresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.testing.Await;
import dev.concert.testing.RequiresRoot;
import dev.concert.testing.SmallDisk;
import dev.concert.testing.log.ExpectedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the tenants is full: who is refused asks again, and what happened is there once. */
@RequiresRoot("mounts a small disk")
@ExpectedLog(
    logger = "dev.concert.automations.engine.TenantAutomations",
    message = "The automations of tenant t1 cannot be read or written",
    required = false)
@ExpectedLog(
    logger = "dev.concert.error.DiskFailure",
    message = "The disk is full or fails: \\[SQLITE_")
class AutomationFullDiskTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final Instant DUE = START.plus(Duration.ofHours(1));

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();
  private SmallDisk disk;

  @BeforeEach
  void mount() {
    disk = SmallDisk.at(data.resolve("tenants"), 2);
  }

  @AfterEach
  void unmount() {
    disk.close();
  }

  private static String state(Engine engine, String id) {
    return engine.slots(id).stream()
        .findFirst()
        .map(slot -> slot.run() == null ? slot.state() : slot.run().state())
        .orElse("none");
  }

  private static void assertMayBeRepeated(ThrowingCallable request) {
    ConcertException refusal = catchThrowableOfType(ConcertException.class, request);
    assertThat(refusal).hasMessageContaining("disk is full");
    assertThat(refusal.code()).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
    assertThat(refusal.code().httpStatus()).isEqualTo(503);
    assertThat(refusal.retryAfterMs()).isPositive();
  }

  @Test
  void noTimeIsLostAndTheWorkOfARuleIsToldAgain() throws Exception {
    try (Engine engine = new Engine(data, gateway, START)) {
      String id = engine.create(ANNE, "full", "PT1H", null).automationId();
      disk.fill();
      engine.moveTo(DUE);
      engine.advance(Duration.ofSeconds(30));
      assertMayBeRepeated(
          () -> {
            for (int i = 0; i < 50; i++) {
              engine.create(ANNE, "x".repeat(200), "PT1H", null);
            }
          });
      // What GitHub's service was refused it tells again.
      RuleWork work = work("x".repeat(90_000));
      assertMayBeRepeated(() -> engine.ask(AutomationAddresses.TAKE_RULE_WORK, work));
      disk.makeRoom();
      Await.until("the run", () -> state(engine, id).equals("succeeded"));
      assertThat(engine.slots(id)).hasSize(1);
      assertThat(gateway.begun()).containsExactly("full");
      engine.ask(AutomationAddresses.TAKE_RULE_WORK, work);
      engine.ask(AutomationAddresses.TAKE_RULE_WORK, work);
      assertThat(engine.states(rule(engine))).containsExactly("claimed");
    }
  }

  @Test
  void aDeletionThatIsRefusedDoesNotStopTheRun() throws Exception {
    gateway.hold();
    try (Engine engine = new Engine(data, gateway, START)) {
      String id = engine.create(ANNE, "long", "PT1H", null).automationId();
      engine.moveTo(DUE);
      Await.until("the run", () -> state(engine, id).equals("running"));
      disk.fill();
      assertMayBeRepeated(
          () -> {
            for (int i = 0; i < 50; i++) {
              engine.create(ANNE, "x".repeat(200), "PT1H", null);
            }
          });
      assertMayBeRepeated(
          () ->
              engine.ask(
                  AutomationAddresses.DELETE_AUTOMATION,
                  new AutomationMessages.DeleteAutomation(ANNE, id)));

      disk.makeRoom();
      gateway.release();
      Await.until("the end of the run", () -> !state(engine, id).equals("running"));
      assertThat(state(engine, id)).isEqualTo("succeeded");
    }
  }

  private static String rule(Engine engine) {
    return engine
        .ask(
            AutomationAddresses.LIST_AUTOMATIONS,
            new AutomationMessages.ListAutomations(ANNE, 500, null))
        .automations()
        .stream()
        .filter(one -> one.name().startsWith("bugs"))
        .findFirst()
        .orElseThrow()
        .automationId();
  }

  private static RuleWork work(String prompt) {
    return new RuleWork(
        "t1",
        "anne",
        "acme/site",
        ".github/concert.yml",
        "bugs",
        12,
        prompt,
        "w1",
        7,
        START.toEpochMilli(),
        "running",
        "s1",
        "",
        null);
  }

  @Test
  void anEventOfAWebhookIsRefusedAndRunsOnceWhenItsSenderRepeatsIt() throws Exception {
    try (Engine engine = new Engine(data, gateway, START)) {
      String id =
          engine
              .ask(
                  AutomationAddresses.CREATE_AUTOMATION,
                  new AutomationMessages.CreateAutomation(
                      ANNE,
                      "on build",
                      new AutomationTrigger(AutomationTrigger.Kind.WEBHOOK, null, null),
                      new AutomationTask("on build", null, null, null, null, null),
                      null,
                      false))
              .automationId();
      String body = "{\"log\":\"%s\"}".formatted("x".repeat(60_000));
      Map<String, String> headers =
          SignedEvents.signed(SignedEvents.secret(engine, id), "msg_1", START, body);
      disk.fill();

      assertMayBeRepeated(() -> SignedEvents.post(engine, id, headers, body));
      assertMayBeRepeated(() -> SignedEvents.post(engine, id, headers, body));
      assertThat(engine.slots(id)).isEmpty();
      disk.makeRoom();
      assertThat(SignedEvents.post(engine, id, headers, body).status()).isEqualTo(202);
      assertThat(SignedEvents.post(engine, id, headers, body).body()).contains("duplicate");
      Await.until("the run", () -> engine.states(id).equals(List.of("done")));
      assertThat(gateway.begun()).hasSize(1);
    }
  }
}
