package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationMessages.Slot;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automation.AutomationTrigger.Kind;
import dev.concert.bus.AutomationAddresses;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Heartbeats in a session. */
class HeartbeatTest {
  /** 04:30 in Berlin. */
  private static final Instant START = Instant.parse("2026-03-02T03:30:00Z");

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();

  private static String create(Engine engine, String session, String zone, String quiet) {
    return engine
        .ask(
            AutomationAddresses.CREATE_AUTOMATION,
            new AutomationMessages.CreateAutomation(
                ANNE,
                "heartbeat",
                new AutomationTrigger(Kind.HEARTBEAT, "PT1H", zone, null, quiet),
                new AutomationTask("Is all well?", null, null, session, null, null),
                null,
                false))
        .automationId();
  }

  private static int items(Engine engine) {
    return engine
        .ask(AutomationAddresses.LIST_INBOX, new AutomationMessages.ListInbox(ANNE, "all", 10))
        .items()
        .size();
  }

  @Test
  void oneWithNothingToReportIsOneRowAndQuietHoursAreRowsThatSayWhy() {
    try (Engine engine = new Engine(data, gateway, START)) {
      gateway.answer("HEARTBEAT_OK.");
      String id = create(engine, "s1", "Europe/Berlin", "22:00-07:00");
      for (int hour = 1; hour <= 4; hour++) {
        engine.advance(Duration.ofHours(1));
        int slots = hour;
        Await.until(
            "slot " + hour,
            () ->
                engine.states(id).size() == slots
                    && engine.states(id).stream()
                        .allMatch(state -> state.equals("done") || state.equals("skipped")));
      }
      // 05:30 and 06:30 in Berlin are quiet, 07:30 and 08:30 are not.
      assertThat(engine.states(id)).containsExactly("done", "done", "skipped", "skipped");
      assertThat(engine.slots(id).getLast().reason())
          .isEqualTo("These are quiet hours: 22:00 to 07:00 in Europe/Berlin.");
      assertThat(gateway.begun()).hasSize(2).allMatch(told -> told.contains("HEARTBEAT_OK"));
      assertThat(items(engine)).isZero();

      gateway.answer("The disk is full.");
      engine.advance(Duration.ofHours(1));
      Await.until("a report", () -> items(engine) == 1);
      assertThat(engine.slots(id)).extracting(Slot::run).hasSize(5);
    }
  }

  @Test
  void oneWithoutASessionOrWithoutAZoneForItsQuietHoursIsRefused() {
    try (Engine engine = new Engine(data, gateway, START)) {
      assertThatThrownBy(() -> create(engine, null, null, null))
          .hasMessageContaining("'task.sessionId' is missing");
      assertThatThrownBy(() -> create(engine, "s1", "Europe/Berlin", "07:00-07:00"))
          .hasMessageContaining("Quiet hours end at another time");
    }
    assertThat(
            List.of(
                new AutomationTrigger(Kind.HEARTBEAT, "PT1H", null, null, "22:00-07:00"),
                new AutomationTrigger(Kind.HEARTBEAT, "PT1H", "UTC", null, "22-7"),
                new AutomationTrigger(Kind.MANUAL, null, "UTC", null, "22:00-07:00")))
        .allMatch(trigger -> trigger.fault().isPresent());
  }
}
