package dev.concert.automations.engine;

import static java.util.Comparator.comparing;

import dev.concert.automation.AutomationPolicy;
import dev.concert.automations.schedule.QuietHours;
import dev.concert.automations.schedule.Schedule;
import dev.concert.automations.schedule.Schedules;
import dev.concert.automations.store.AutomationRow;
import dev.concert.automations.store.SlotRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of the times that have passed since an automation was looked at. One that is at most
 * its grace late runs as planned. Of those that are later, the policy says which run; where a time
 * that is not late runs anyhow, {@code once} runs no late one besides. None of quiet hours runs.
 *
 * @param slots each time that has passed, the earliest first
 * @param next when it is due after them; empty when it is not any more
 */
record CatchUp(List<SlotRow> slots, Optional<Instant> next) {
  /** Times that are written at once; the rest follows at the next look. */
  static final int MOST = 2000;

  private static final String MISSED = "Concert did not run at this time.";

  /**
   * The automation is enabled, and its time has come.
   *
   * @param schedule of the automation
   */
  static CatchUp of(AutomationRow row, Schedule schedule, Instant now) {
    Instant latest = now.minus(row.jitter());
    List<Instant> passed = new ArrayList<>();
    Optional<Instant> due = row.nextAt();
    while (due.isPresent() && !due.get().isAfter(latest) && passed.size() < MOST) {
      passed.add(due.get());
      due = schedule.next(due.get());
    }
    boolean isCutShort = due.filter(next -> !next.isAfter(latest)).isPresent();
    Optional<QuietHours> quiet = Schedules.quietHours(row.trigger());
    List<SlotRow> slots =
        new ArrayList<>(
            decide(
                row, passed.stream().filter(at -> !isIn(quiet, at)).toList(), latest, isCutShort));
    passed.stream()
        .filter(at -> isIn(quiet, at))
        .map(at -> SlotRow.skipped(row, at, "These are quiet hours: " + quiet.get() + "."))
        .forEach(slots::add);
    slots.sort(comparing(SlotRow::scheduledAt));
    return new CatchUp(slots, due);
  }

  private static boolean isIn(Optional<QuietHours> quiet, Instant at) {
    return quiet.filter(hours -> hours.contains(at)).isPresent();
  }

  private static List<SlotRow> decide(
      AutomationRow row, List<Instant> passed, Instant now, boolean isCutShort) {
    Instant onTimeFrom = now.minus(Duration.ofSeconds(row.policy().graceSeconds()));
    int late = (int) passed.stream().filter(at -> at.isBefore(onTimeFrom)).count();
    // What follows at the next look is newer than all of these.
    int running = isCutShort ? 0 : Math.min(late, lateRuns(row.policy(), passed.size() - late));
    List<SlotRow> slots = new ArrayList<>();
    for (int i = 0; i < passed.size(); i++) {
      boolean isLate = i < late;
      slots.add(
          isLate && i < late - running
              ? SlotRow.missed(row, passed.get(i), MISSED)
              : SlotRow.due(row, passed.get(i), isLate));
    }
    return slots;
  }

  private static int lateRuns(AutomationPolicy policy, int onTime) {
    return switch (policy.misfire()) {
      case SKIP -> 0;
      case ONCE -> onTime > 0 ? 0 : 1;
      case ALL -> policy.maxCatchUp();
    };
  }
}
