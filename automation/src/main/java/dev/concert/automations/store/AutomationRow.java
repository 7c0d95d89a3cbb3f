package dev.concert.automations.store;

import dev.concert.automation.AutomationPolicy;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automations.schedule.Schedule;
import dev.concert.automations.schedule.Schedules;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An automation as it is stored.
 *
 * @param state {@code enabled}, {@code paused} or {@code disabled}
 * @param reason why it is not enabled; empty when it is
 * @param generation grows when what it does changes; a slot of an earlier one never runs
 * @param policy complete, without nulls but for budgets
 * @param nextAt the next time at which it is due; empty when there is none, or it is not enabled
 * @param owner the user for whom it runs
 * @param anchor from which intervals count
 * @param failures runs in a row that failed
 */
public record AutomationRow(
    String id,
    String name,
    String state,
    String reason,
    long generation,
    AutomationTrigger trigger,
    AutomationTask task,
    AutomationPolicy policy,
    Optional<Instant> nextAt,
    String owner,
    Instant anchor,
    Instant createdAt,
    Instant updatedAt,
    int failures) {
  public static final String ENABLED = "enabled";
  public static final String PAUSED = "paused";
  public static final String DISABLED = "disabled";

  public boolean isEnabled() {
    return state.equals(ENABLED);
  }

  /** Its schedule; empty where only a person starts it. */
  public Optional<Schedule> schedule() {
    return Schedules.of(trigger, anchor);
  }

  /** By how much its start is moved: always the same, so that it keeps its place. */
  public Duration jitter() {
    int most = policy.jitterSeconds();
    return Duration.ofSeconds(most == 0 ? 0 : Math.floorMod(id.hashCode(), most + 1));
  }

  /** This automation in another state. */
  public AutomationRow withState(String newState, String newReason, Instant now) {
    return new AutomationRow(
        id,
        name,
        newState,
        newReason,
        generation,
        trigger,
        task,
        policy,
        nextAt,
        owner,
        anchor,
        createdAt,
        now,
        failures);
  }

  /** This automation with so many failures in a row. */
  public AutomationRow withFailures(int count) {
    return new AutomationRow(
        id,
        name,
        state,
        reason,
        generation,
        trigger,
        task,
        policy,
        nextAt,
        owner,
        anchor,
        createdAt,
        updatedAt,
        count);
  }
}
