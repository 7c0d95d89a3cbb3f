package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationPolicy;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.bus.AutomationAddresses;
import dev.concert.testing.Await;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many automations are due at the full hour: they do not begin all at once. */
class FullHourTest {
  private static final Instant NINE = Instant.parse("2026-03-02T09:00:00Z");
  private static final int JITTER = 600;

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();

  private static AutomationPolicy jitter(int seconds) {
    return new AutomationPolicy(
        null, null, null, null, null, null, null, null, null, null, null, null, null, seconds);
  }

  private static List<String> create(Engine engine, int count, int jitter) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(
          engine
              .ask(
                  AutomationAddresses.CREATE_AUTOMATION,
                  new AutomationMessages.CreateAutomation(
                      ANNE,
                      "at nine " + i,
                      new AutomationTrigger(AutomationTrigger.Kind.CRON, "0 9 * * *", "UTC"),
                      new AutomationTask("at nine " + i, null, null, null, null, null),
                      jitter(jitter),
                      false))
              .automationId());
    }
    return ids;
  }

  /** By how many seconds an automation is moved: its id alone says it. */
  private static int moved(String id) {
    return Math.floorMod(id.hashCode(), JITTER + 1);
  }

  @Test
  void jitterMovesEachByATimeOfItsOwnWhichStaysTheSame() {
    List<String> ids;
    try (Engine engine = new Engine(data, gateway, NINE.minusSeconds(60))) {
      ids = create(engine, 12, JITTER);
      engine.moveTo(NINE.plusSeconds(JITTER / 2));
      List<String> early = ids.stream().filter(id -> moved(id) <= JITTER / 2).toList();
      for (String id : early) {
        Await.until("the early ones", () -> engine.states(id).equals(List.of("done")));
        assertThat(engine.slots(id).getFirst().scheduledAt()).isEqualTo(NINE.toEpochMilli());
      }
      assertThat(ids)
          .filteredOn(id -> moved(id) > JITTER / 2)
          .allSatisfy(id -> assertThat(engine.slots(id)).isEmpty());
      assertThat(gateway.begun()).hasSize(early.size());
    }
    // The next process moves them by the same.
    try (Engine engine = new Engine(data, gateway, NINE.plusSeconds(JITTER))) {
      for (String id : ids) {
        Await.until("all", () -> engine.states(id).equals(List.of("done")));
      }
      assertThat(gateway.begun()).hasSize(ids.size());
    }
  }

  @Test
  void asManyBeginAsThereIsRoomAndTheOthersStayDue() {
    gateway.hold();
    try (Engine engine = new Engine(data, gateway, NINE.minusSeconds(60), 2)) {
      List<String> ids = create(engine, 5, 0);
      engine.moveTo(NINE);
      Await.until("two", () -> gateway.begun().size() == 2);
      Await.until("all are rows", () -> ids.stream().noneMatch(id -> engine.slots(id).isEmpty()));
      assertThat(ids.stream().map(id -> engine.states(id).getFirst()).sorted())
          .containsExactly("claimed", "claimed", "due", "due", "due");
      gateway.release();
      for (String id : ids) {
        Await.until("the end", () -> engine.states(id).equals(List.of("done")));
      }
      assertThat(gateway.begun()).hasSize(5).doesNotHaveDuplicates();
    }
  }

  @Test
  void aTenantsCapLeavesRoomForOthers() {
    RunCaps caps = new RunCaps(2, 3);

    assertThat(caps.hasRoom(1)).isTrue();
    assertThat(caps.hasRoom(2)).isFalse();
    caps.begin();
    caps.begin();
    assertThat(caps.hasRoom(0)).isTrue();
    caps.begin();
    assertThat(caps.hasRoom(0)).isFalse();
    caps.end();
    assertThat(caps.hasRoom(0)).isTrue();
  }
}
