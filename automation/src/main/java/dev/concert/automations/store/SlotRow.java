package dev.concert.automations.store;

import java.time.Instant;
import java.util.Optional;

/**
 * One time at which an automation was due.
 *
 * @param scheduledAt with the automation's id its key
 * @param state {@code due}, {@code claimed}, {@code done}, {@code skipped} or {@code missed}
 * @param reason why it did not run; empty when it did or will
 * @param late whether it runs later than its grace
 * @param runId its latest run
 */
public record SlotRow(
    String automationId,
    Instant scheduledAt,
    long generation,
    String state,
    String reason,
    boolean late,
    Optional<String> runId) {
  public static final String DUE = "due";
  public static final String CLAIMED = "claimed";
  public static final String DONE = "done";
  public static final String SKIPPED = "skipped";
  public static final String MISSED = "missed";

  public static SlotRow due(AutomationRow automation, Instant at, boolean late) {
    return new SlotRow(
        automation.id(), at, automation.generation(), DUE, "", late, Optional.empty());
  }

  public static SlotRow skipped(AutomationRow automation, Instant at, String reason) {
    return new SlotRow(
        automation.id(), at, automation.generation(), SKIPPED, reason, false, Optional.empty());
  }

  public static SlotRow missed(AutomationRow automation, Instant at, String reason) {
    return new SlotRow(
        automation.id(), at, automation.generation(), MISSED, reason, true, Optional.empty());
  }
}
