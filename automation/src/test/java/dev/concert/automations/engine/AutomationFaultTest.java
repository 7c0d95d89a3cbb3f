package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationMessages.Automations;
import dev.concert.automation.AutomationPolicy;
import dev.concert.automation.AutomationPolicy.Concurrency;
import dev.concert.automation.AutomationPolicy.Permissions;
import dev.concert.bus.AutomationAddresses;
import dev.concert.error.ConcertException;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway away, a person who does not answer, many automations. */
class AutomationFaultTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final Instant DUE = START.plus(Duration.ofHours(1));

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();

  private static AutomationPolicy policy(Concurrency concurrency, Permissions permissions) {
    return new AutomationPolicy(
        null,
        null,
        null,
        concurrency,
        null,
        86_400,
        null,
        permissions,
        null,
        600,
        null,
        null,
        null,
        null);
  }

  private static String runState(Engine engine, String id) {
    return engine.slots(id).stream()
        .findFirst()
        .map(slot -> slot.run() == null ? slot.state() : slot.run().state())
        .orElse("none");
  }

  @Test
  void aRunWaitsForAGatewayThatIsAway() {
    try (Engine engine = new Engine(data, gateway, START)) {
      gateway.goAway();
      String id = engine.create(ANNE, "later", "PT1H", null).automationId();
      engine.moveTo(DUE);
      Await.until("the run", () -> runState(engine, id).equals("starting"));
      gateway.comeBack();
      Await.until("the end", () -> runState(engine, id).equals("succeeded"));
    }
    assertThat(gateway.begun()).containsExactly("later");
  }

  @Test
  void aRunForAGatewayThatStaysAwayEndsWithItsTime() {
    try (Engine engine = new Engine(data, gateway, START)) {
      gateway.goAway();
      String id = engine.create(ANNE, "never", "P1D", null).automationId();
      engine.moveTo(START.plus(Duration.ofDays(1)));
      Await.until("the run", () -> runState(engine, id).equals("starting"));
      engine.advance(Duration.ofHours(2));
      Await.until("the end", () -> runState(engine, id).equals("timed_out"));
      assertThat(engine.slots(id).getFirst().run().error()).contains("Podium is not running");
    }
  }

  @Test
  void aRestartGivesAPersonNoMoreTimeToAnswer() {
    gateway.ask(DUE);
    String id;
    try (Engine engine = new Engine(data, gateway, START)) {
      id =
          engine
              .create(ANNE, "asks", "PT1H", policy(Concurrency.SKIP, Permissions.WAIT))
              .automationId();
      engine.moveTo(DUE);
      Await.until("the question", () -> runState(engine, id).equals("waiting"));
    }
    try (Engine engine = new Engine(data, gateway, DUE.plusSeconds(300))) {
      engine.advance(Duration.ofSeconds(5));
      Await.until("the question", () -> runState(engine, id).equals("waiting"));
      engine.moveTo(DUE.plusSeconds(601));
      Await.until("the end", () -> runState(engine, id).equals("timed_out"));
      assertThat(engine.slots(id).getFirst().run().error())
          .isEqualTo("Its question was not answered in time.");
    }
  }

  @Test
  void thoseThatWaitInTheirQueuesDoNotHoldUpOthers() {
    try (Engine engine = new Engine(data, gateway, START)) {
      gateway.hold();
      for (int i = 0; i < 101; i++) {
        engine.create(ANNE, "queued", "PT1H", policy(Concurrency.QUEUE, Permissions.DENY));
      }
      engine.moveTo(DUE);
      Await.until("the first runs", () -> gateway.begun().size() == 101);
      String other = engine.create(ANNE, "other", "PT70M", null).automationId();
      // Each of the others has a time in its queue now, earlier than this one.
      engine.moveTo(DUE.plus(Duration.ofMinutes(70)));
      Await.until("the other", () -> runState(engine, other).equals("running"));
    }
  }

  @Test
  void automationsAreListedInPages() {
    try (Engine engine = new Engine(data, gateway, START)) {
      List<String> made = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        made.add(engine.create(ANNE, "n" + i, "PT1H", null).automationId());
        engine.advance(Duration.ofMillis(i % 2));
      }
      List<String> listed = new ArrayList<>();
      String cursor = null;
      do {
        Automations page =
            engine.ask(
                AutomationAddresses.LIST_AUTOMATIONS,
                new AutomationMessages.ListAutomations(ANNE, 3, cursor));
        page.automations().forEach(one -> listed.add(one.automationId()));
        cursor = page.nextCursor();
      } while (cursor != null);
      assertThat(listed).hasSize(7).containsExactlyInAnyOrderElementsOf(made);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", ":", "1", "a:b", "99999999999999999999:b"})
  void whatIsNoCursorIsRefused(String cursor) {
    try (Engine engine = new Engine(data, gateway, START)) {
      assertThatThrownBy(
              () ->
                  engine.ask(
                      AutomationAddresses.LIST_AUTOMATIONS,
                      new AutomationMessages.ListAutomations(ANNE, 3, cursor)))
          .isInstanceOf(ConcertException.class)
          .hasMessageContaining("cursor");
    }
  }
}
