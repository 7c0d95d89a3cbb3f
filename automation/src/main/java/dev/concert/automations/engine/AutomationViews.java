package dev.concert.automations.engine;

import dev.concert.automation.AutomationMessages.Automation;
import dev.concert.automation.AutomationMessages.Run;
import dev.concert.automation.AutomationMessages.Slot;
import dev.concert.automations.schedule.Schedules;
import dev.concert.automations.store.AutomationRow;
import dev.concert.automations.store.RunRow;
import dev.concert.automations.store.SlotRow;
import java.time.Instant;
import java.util.Optional;

/** What clients see of the rows. */
final class AutomationViews {
  private AutomationViews() {}

  static Automation of(AutomationRow row) {
    return new Automation(
        row.id(),
        row.name(),
        row.state(),
        row.isEnabled() ? null : row.reason(),
        row.generation(),
        row.trigger(),
        Schedules.description(row.trigger(), row.anchor()),
        row.task(),
        row.policy(),
        row.isEnabled() ? row.nextAt().map(Instant::toEpochMilli).orElse(null) : null,
        row.owner(),
        row.createdAt().toEpochMilli(),
        row.updatedAt().toEpochMilli());
  }

  static Run of(RunRow run) {
    return new Run(
        run.id(),
        run.automationId(),
        run.state().wireName(),
        run.attempt(),
        run.sessionId().orElse(null),
        run.startedAt().map(Instant::toEpochMilli).orElse(null),
        run.endedAt().map(Instant::toEpochMilli).orElse(null),
        run.cost().toPlainString(),
        run.error().isEmpty() ? null : run.error(),
        run.verdict().orElse(null),
        run.pull().orElse(null));
  }

  static Slot of(SlotRow slot, Optional<RunRow> run) {
    return new Slot(
        slot.scheduledAt().toEpochMilli(),
        slot.state(),
        slot.reason().isEmpty() ? null : slot.reason(),
        slot.late(),
        run.map(AutomationViews::of).orElse(null));
  }
}
