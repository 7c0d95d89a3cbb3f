package dev.concert.automations.schedule;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.concert.automation.AutomationTrigger;
import java.time.Instant;
import java.util.Optional;

/**
 * Schedules that were read before. To read a cron expression costs thirty times what its next time
 * costs, and on a full hour thousands of automations have the same few. Thread-safe.
 */
public final class ScheduleCache {
  private static final int MOST = 1000;

  private final Cache<CronKey, Optional<Schedule>> read =
      Caffeine.newBuilder().maximumSize(MOST).build();

  /** What a cron schedule depends on. */
  private record CronKey(String expression, String zone) {}

  /**
   * As {@link Schedules#of}.
   *
   * @throws ScheduleException when the trigger cannot be read
   */
  public Optional<Schedule> of(AutomationTrigger trigger, Instant anchor) {
    return trigger.kind() == AutomationTrigger.Kind.CRON
        ? read.get(
            new CronKey(trigger.expression(), trigger.zone()), _ -> Schedules.of(trigger, anchor))
        : Schedules.of(trigger, anchor);
  }
}
