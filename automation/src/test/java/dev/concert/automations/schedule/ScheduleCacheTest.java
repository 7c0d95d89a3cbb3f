package dev.concert.automations.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.automation.AutomationTrigger;
import dev.concert.automation.AutomationTrigger.Kind;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A cache of schedules gives what reading them gives. */
class ScheduleCacheTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  private final ScheduleCache cache = new ScheduleCache();

  @Test
  void aCronExpressionIsReadOnceForEachZone() {
    Schedule berlin = cron("0 9 * * *", "Europe/Berlin");

    assertThat(cron("0 9 * * *", "Europe/Berlin")).isSameAs(berlin);
    assertThat(berlin.next(NOW)).contains(Instant.parse("2026-12-01T08:00:00Z"));
    assertThat(cron("0 9 * * *", "UTC").next(NOW)).contains(Instant.parse("2026-12-01T09:00:00Z"));
  }

  @Test
  void anIntervalCountsFromItsOwnAnchor() {
    AutomationTrigger hourly = new AutomationTrigger(Kind.INTERVAL, "PT1H", "UTC");

    assertThat(cache.of(hourly, NOW).orElseThrow().next(NOW)).contains(NOW.plusSeconds(3600));
    assertThat(cache.of(hourly, NOW.plusSeconds(60)).orElseThrow().next(NOW.plusSeconds(60)))
        .contains(NOW.plusSeconds(3660));
  }

  @Test
  void whatCannotBeReadIsRefusedEachTime() {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> cron("every day", "UTC")).isInstanceOf(ScheduleException.class);
    }
  }

  private Schedule cron(String expression, String zone) {
    return cache.of(new AutomationTrigger(Kind.CRON, expression, zone), NOW).orElseThrow();
  }
}
