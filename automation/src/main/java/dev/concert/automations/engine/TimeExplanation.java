package dev.concert.automations.engine;

import dev.concert.automation.AutomationMessages.Explanation;
import dev.concert.automation.AutomationMessages.Slot;
import dev.concert.automations.engine.ScheduleIndex.Uptime;
import dev.concert.automations.schedule.Schedules;
import dev.concert.automations.store.AutomationRow;
import dev.concert.automations.store.AutomationStore.StateChange;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Says why an automation ran, or did not, at a time.
 *
 * @param changes of its state, the oldest first
 * @param uptimes when Concert ran around that time
 */
record TimeExplanation(
    AutomationRow automation,
    Optional<Slot> slot,
    List<StateChange> changes,
    List<Uptime> uptimes,
    Instant now) {

  Explanation of(Instant at) {
    return slot.map(found -> ofSlot(found, at)).orElseGet(() -> withoutSlot(at));
  }

  private Explanation ofSlot(Slot found, Instant at) {
    String reason = found.reason() == null ? "" : found.reason();
    return switch (found.state()) {
      case "skipped" -> new Explanation("skipped", "It was skipped. " + reason, found);
      case "missed" ->
          new Explanation("missed", "It was missed. " + downtime(at).orElse(reason), found);
      case "due" ->
          new Explanation(
              "due", "Its time has come, and it waits for room or for an earlier run.", found);
      default ->
          new Explanation(
              "ran",
              "It ran: %s is %s.%s%s"
                  .formatted(
                      found.run().runId(),
                      found.run().state().replace('_', ' '),
                      found.run().pullUrl() == null
                          ? ""
                          : " Its pull request is " + found.run().pullUrl() + " .",
                      found.late() ? " It began late. " + downtime(at).orElse("") : ""),
              found);
    };
  }

  private Explanation withoutSlot(Instant at) {
    if (at.isBefore(automation.createdAt().truncatedTo(ChronoUnit.MINUTES))) {
      return plain("unknown", "It was created later, at " + shown(automation.createdAt()) + ".");
    }
    Optional<StateChange> state =
        changes.stream().filter(change -> !change.at().isAfter(at)).reduce((_, last) -> last);
    if (state.filter(change -> !change.state().equals(AutomationRow.ENABLED)).isPresent()) {
      StateChange change = state.get();
      return plain(
          "paused",
          "It was %s by %s at %s. %s"
              .formatted(change.state(), change.actor(), shown(change.at()), change.reason()));
    }
    boolean wouldBeDue = isDueAt(at);
    if (wouldBeDue && !at.isAfter(now)) {
      return plain(
          "unknown",
          downtime(at)
              .orElse("It is due at such a time now, and was not then: it was changed since."));
    }
    String next =
        automation.isEnabled()
            ? automation
                .schedule()
                .map(schedule -> schedule.next(at).map(this::shown).orElse("never"))
                .orElseGet(() -> Schedules.description(automation.trigger(), automation.anchor()))
            : "not before it is resumed";
    return wouldBeDue && automation.isEnabled()
        ? plain("due", "It will be due then.")
        : plain("not_due", "It is not due then; next: " + next + ".");
  }

  private boolean isDueAt(Instant at) {
    Instant minute = at.truncatedTo(ChronoUnit.MINUTES);
    return automation
        .schedule()
        .flatMap(one -> one.next(minute.minusMillis(1)))
        .filter(due -> due.isBefore(minute.plusSeconds(60)))
        .isPresent();
  }

  /** Empty when Concert ran then. */
  private Optional<String> downtime(Instant at) {
    Optional<Uptime> before =
        uptimes.stream().filter(one -> !one.began().isAfter(at)).reduce((_, last) -> last);
    if (before.filter(one -> !one.seen().isBefore(at)).isPresent()) {
      return Optional.empty();
    }
    Optional<Uptime> after = uptimes.stream().filter(one -> one.began().isAfter(at)).findFirst();
    return after.map(
        next ->
            "Concert was down%s to %s."
                .formatted(
                    before.map(one -> " from " + shown(one.seen())).orElse(""),
                    shown(next.began())));
  }

  private static Explanation plain(String code, String message) {
    return new Explanation(code, message, null);
  }

  private String shown(Instant instant) {
    ZoneId zone = Schedules.shownIn(automation.trigger());
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
        instant.truncatedTo(ChronoUnit.SECONDS).atZone(zone));
  }
}
