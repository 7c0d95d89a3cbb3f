package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationMessages.Automation;
import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationMessages.Slot;
import dev.concert.automation.AutomationPolicy;
import dev.concert.automation.AutomationPolicy.Concurrency;
import dev.concert.automation.AutomationPolicy.Misfire;
import dev.concert.automation.AutomationTask;
import dev.concert.bus.AutomationAddresses;
import dev.concert.error.ConcertException;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times become slots, slots become runs, and nothing of that happens twice. */
class AutomationEngineTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();

  /** No run of these is too long for the clock of a test. */
  private static AutomationPolicy policy(Misfire misfire, Concurrency concurrency, int parallel) {
    return new AutomationPolicy(
        misfire,
        10,
        300,
        concurrency,
        parallel,
        86_400,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  @Test
  void eachTimeIsOneRunHoweverOftenTheClockIsLookedAt() {
    try (Engine engine = new Engine(data, gateway, START)) {
      String id = engine.create(ANNE, "hourly", "PT1H", null).automationId();
      for (int hour = 1; hour <= 3; hour++) {
        engine.moveTo(START.plus(Duration.ofHours(hour)));
        int runs = hour;
        Await.until("run " + hour, () -> engine.states(id).equals(all("done", runs)));
      }
      // A clock that goes back, and forward again.
      engine.moveTo(START.plus(Duration.ofMinutes(90)));
      engine.moveTo(START.plus(Duration.ofHours(4)));
      Await.until("run 4", () -> engine.states(id).equals(all("done", 4)));
    }
    assertThat(gateway.begun()).hasSize(4);
  }

  /** Before names had to be one line, an automation could be called anything. */
  @Test
  void aRunOfAnAutomationWithAnOldNameHasASessionThatTheGatewayTakes() {
    try (Engine engine = new Engine(data, gateway, START)) {
      String name = "two\nlines " + "x".repeat(190);
      String id = engine.create(ANNE, name, "PT1H", null).automationId();
      engine.moveTo(START.plus(Duration.ofHours(1)));
      Await.until("the run", () -> engine.states(id).equals(List.of("done")));
    }
    assertThat(gateway.names()).containsExactly("two lines " + "x".repeat(190));
  }

  private static List<String> all(String state, int count) {
    return IntStream.range(0, count).mapToObj(_ -> state).toList();
  }

  @ParameterizedTest
  @CsvSource({"ONCE, 9, 1", "SKIP, 10, 0", "ALL, 0, 10"})
  void threeDaysOfDowntimeAreCaughtUpAsThePolicySays(Misfire misfire, int missed, int runs) {
    String id;
    try (Engine engine = new Engine(data, gateway, START)) {
      id =
          engine
              .create(ANNE, "seven", "PT7H", policy(misfire, Concurrency.PARALLEL, 20))
              .automationId();
    }
    try (Engine engine = new Engine(data, gateway, START.plus(Duration.ofDays(3)))) {
      Await.until("all slots", () -> areOver(engine.states(id), 10));
      assertThat(engine.states(id)).filteredOn("missed"::equals).hasSize(missed);
      assertThat(engine.slots(id)).filteredOn(Slot::late).hasSize(10);
      assertThat(gateway.begun()).hasSize(runs);
      AutomationMessages.Explanation why =
          engine.ask(
              AutomationAddresses.EXPLAIN_TIME,
              new AutomationMessages.ExplainTime(
                  ANNE, id, START.plus(Duration.ofHours(7)).toEpochMilli()));
      assertThat(why.message())
          .contains("Concert was down from 2026-03-02T00:00:00Z to 2026-03-05");
    }
  }

  private static boolean areOver(List<String> states, int count) {
    return states.size() == count
        && states.stream().noneMatch(state -> state.equals("due") || state.equals("claimed"));
  }

  @ParameterizedTest
  @CsvSource({
    "SKIP, 1, 'done skipped skipped'",
    "QUEUE, 1, 'done done skipped'",
    "PARALLEL, 2, 'done done skipped'",
  })
  void whatComesWhileARunIsOpenIsTreatedAsThePolicySays(
      Concurrency concurrency, int parallel, String expected) {
    try (Engine engine = new Engine(data, gateway, START)) {
      gateway.hold();
      String id =
          engine
              .create(ANNE, "slow", "PT1H", policy(Misfire.ONCE, concurrency, parallel))
              .automationId();
      for (int hour = 1; hour <= 3; hour++) {
        engine.moveTo(START.plus(Duration.ofHours(hour)));
        int slots = hour;
        Await.until("slot " + hour, () -> engine.states(id).size() == slots);
        Await.until("no room for it", () -> isSettled(engine, id, concurrency));
      }
      gateway.release();
      Await.until(
          "all runs", () -> String.join(" ", engine.states(id).reversed()).equals(expected));
    }
  }

  private static boolean isSettled(Engine engine, String id, Concurrency concurrency) {
    return concurrency == Concurrency.QUEUE
        || engine.states(id).stream().noneMatch("due"::equals)
            && engine.slots(id).stream()
                .noneMatch(slot -> slot.run() != null && slot.run().state().equals("queued"));
  }

  @Test
  void whatIsChangedOrPausedDoesNotRunAsItWas() {
    try (Engine engine = new Engine(data, gateway, START, 1)) {
      gateway.hold();
      engine.create(ANNE, "first in the way", "PT1H", policy(Misfire.ONCE, Concurrency.SKIP, 1));
      Automation edited = engine.create(ANNE, "old words", "PT61M", null);
      Automation paused = engine.create(ANNE, "paused", "PT61M", null);
      engine.moveTo(START.plus(Duration.ofMinutes(60)));
      Await.until("the first", () -> gateway.begun().size() == 1);
      engine.moveTo(START.plus(Duration.ofMinutes(61)));
      Await.until("due", () -> engine.states(edited.automationId()).equals(List.of("due")));
      engine.ask(
          AutomationAddresses.UPDATE_AUTOMATION,
          new AutomationMessages.UpdateAutomation(
              ANNE,
              edited.automationId(),
              null,
              null,
              new AutomationTask("new words", null, null, null, null, null),
              null));
      engine.ask(
          AutomationAddresses.PAUSE_AUTOMATION,
          new AutomationMessages.PauseAutomation(ANNE, paused.automationId()));
      gateway.release();
      Await.until("skipped", () -> engine.states(edited.automationId()).equals(List.of("skipped")));
      Await.until("skipped", () -> engine.states(paused.automationId()).equals(List.of("skipped")));
      assertThat(engine.slots(edited.automationId()).getFirst().reason()).contains("changed");
    }
    assertThat(gateway.begun()).containsExactly("first in the way");
  }

  @ParameterizedTest
  @ValueSource(strings = {"create_session", "run_turn"})
  void aRunWhoseReplyIsLostInACrashGoesOnWithWhatItBegan(String lost) {
    String id;
    try (Engine engine = new Engine(data, gateway, START)) {
      id = engine.create(ANNE, "once", "P1D", null).automationId();
      gateway.loseReplyOf(lost);
      engine.moveTo(START.plus(Duration.ofDays(1)));
      Await.until("the session", () -> gateway.sessions() == 1);
      if (lost.equals("run_turn")) {
        Await.until("the turn", () -> gateway.begun().size() == 1);
      }
    }
    try (Engine engine = new Engine(data, gateway, START.plus(Duration.ofDays(1)).plusSeconds(5))) {
      Await.until("the end", () -> engine.states(id).equals(List.of("done")));
      assertThat(engine.slots(id).getFirst().run().state()).isEqualTo("succeeded");
    }
    assertThat(gateway.sessions()).isEqualTo(1);
    assertThat(gateway.begun()).containsExactly("once");
  }

  @Test
  void anAutomationWhoseOwnerLeftIsDisabledWithANotice() {
    try (Engine engine = new Engine(data, gateway, START)) {
      String id = engine.create(ANNE, "orphan", "PT1H", null).automationId();
      gateway.remove("anne");
      engine.moveTo(START.plus(Duration.ofHours(1)));
      Await.until("the end", () -> engine.states(id).equals(List.of("done")));
      Await.until(
          "disabled",
          () ->
              engine
                  .ask(
                      AutomationAddresses.GET_AUTOMATION,
                      new AutomationMessages.GetAutomation(ANNE, id))
                  .state()
                  .equals("disabled"));
      assertThat(
              engine
                  .ask(
                      AutomationAddresses.LIST_INBOX,
                      new AutomationMessages.ListInbox(ANNE, "open", 10))
                  .items())
          .anyMatch(item -> item.title().equals("Disabled: orphan"));
    }
    assertThat(gateway.begun()).isEmpty();
  }

  @Test
  void anotherTenantAndAnotherMemberSeeNothing() {
    Caller other = new Caller("t2", "anne", true);
    Caller colleague = new Caller("t1", "ben", false);
    Caller manager = new Caller("t1", "carla", true);
    try (Engine engine = new Engine(data, gateway, START)) {
      String id = engine.create(ANNE, "mine", "PT1H", null).automationId();
      engine.moveTo(START.plus(Duration.ofHours(1)));
      Await.until("the run", () -> engine.states(id).equals(List.of("done")));

      for (Caller stranger : List.of(other, colleague)) {
        assertThat(
                engine
                    .ask(
                        AutomationAddresses.LIST_AUTOMATIONS,
                        new AutomationMessages.ListAutomations(stranger, 100, null))
                    .automations())
            .isEmpty();
        assertThatThrownBy(
                () ->
                    engine.ask(
                        AutomationAddresses.RUN_AUTOMATION,
                        new AutomationMessages.RunAutomation(stranger, id, null)))
            .isInstanceOf(ConcertException.class)
            .hasMessageContaining("no automation");
      }
      assertThat(
              engine
                  .ask(
                      AutomationAddresses.LIST_AUTOMATIONS,
                      new AutomationMessages.ListAutomations(manager, 100, null))
                  .automations())
          .hasSize(1);
      for (Caller stranger : List.of(other, colleague, manager)) {
        assertThat(
                engine
                    .ask(
                        AutomationAddresses.LIST_INBOX,
                        new AutomationMessages.ListInbox(stranger, "all", 10))
                    .items())
            .isEmpty();
      }
    }
  }

  @Test
  void manyThatAreDueAtOnceAreAllRowsAndRunUnderTheCapInOrder() {
    int many = 200;
    try (Engine engine = new Engine(data, gateway, START, 8)) {
      gateway.hold();
      for (int i = 0; i < many; i++) {
        engine.create(ANNE, "n" + i, "PT1H", null);
        engine.advance(Duration.ofMillis(1));
      }
      engine.moveTo(START.plus(Duration.ofHours(2)).plusSeconds(1));
      Await.until("the first runs", () -> gateway.begun().size() == 8);
      List<Automation> all =
          engine
              .ask(
                  AutomationAddresses.LIST_AUTOMATIONS,
                  new AutomationMessages.ListAutomations(ANNE, 500, null))
              .automations();
      assertThat(all).hasSize(many);
      assertThat(engine.states(all.getLast().automationId())).hasSize(2).contains("due");
      assertThat(gateway.begun()).allMatch(name -> Integer.parseInt(name.substring(1)) < 8);
      gateway.release();
      Await.until("more runs", () -> gateway.begun().size() >= 24);
    }
  }
}
