package dev.concert.automations.engine;

import dev.concert.automation.AutomationMessages.Automation;
import dev.concert.automation.AutomationMessages.Automations;
import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationMessages.CreateAutomation;
import dev.concert.automation.AutomationMessages.Explanation;
import dev.concert.automation.AutomationMessages.ListAutomations;
import dev.concert.automation.AutomationMessages.PreviewTrigger;
import dev.concert.automation.AutomationMessages.Run;
import dev.concert.automation.AutomationMessages.Slot;
import dev.concert.automation.AutomationMessages.Slots;
import dev.concert.automation.AutomationMessages.TriggerPreview;
import dev.concert.automation.AutomationMessages.UpdateAutomation;
import dev.concert.automation.AutomationPolicy;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automations.schedule.Schedule;
import dev.concert.automations.schedule.ScheduleException;
import dev.concert.automations.schedule.Schedules;
import dev.concert.automations.store.AutomationRow;
import dev.concert.automations.store.AutomationStore.Position;
import dev.concert.automations.store.RunRow;
import dev.concert.automations.store.SlotRow;
import dev.concert.bus.Accepted;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.client.GatewayClient;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Creates, changes and explains the automations of one tenant. On one context. */
public final class AutomationAdmin {
  private static final int MOST = 10_000;

  private final TenantAutomations tenant;
  private final DefinitionRules rules;
  private final ScheduleIndex index;
  private final InstantSource clock;

  public AutomationAdmin(
      String tenantId,
      TenantAutomations tenant,
      ScheduleIndex index,
      GatewayClient gateway,
      InstantSource clock) {
    this.tenant = tenant;
    this.index = index;
    this.rules = new DefinitionRules(tenantId, tenant, index, gateway);
    this.clock = clock;
  }

  public Future<Automation> create(CreateAutomation wanted) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    AutomationPolicy policy =
        wanted.policy() == null ? AutomationPolicy.DEFAULT : wanted.policy().complete();
    AutomationRow row =
        new AutomationRow(
            "auto_" + UUID.randomUUID(),
            wanted.name(),
            wanted.paused() ? AutomationRow.PAUSED : AutomationRow.ENABLED,
            wanted.paused() ? "It was created paused." : "",
            1,
            wanted.trigger(),
            wanted.task(),
            policy,
            first(wanted.trigger(), now),
            wanted.caller().userId(),
            now,
            now,
            now,
            0);
    return rules
        .check(row)
        .compose(_ -> tenant.stores().automations().count())
        .compose(
            count ->
                count < MOST
                    ? tenant.store(row.nextAt(), () -> tenant.stores().automations().insert(row))
                    : Future.failedFuture(
                        new ConcertException(
                            ErrorCode.TOO_MANY_AUTOMATIONS,
                            "A tenant has at most %d automations.".formatted(MOST))))
        .map(_ -> AutomationViews.of(row));
  }

  /** When a trigger is due first after now; it must be, unless a person starts it. */
  private static Optional<Instant> first(AutomationTrigger trigger, Instant now) {
    Optional<Schedule> schedule = schedule(trigger, now);
    Optional<Instant> first = schedule.flatMap(one -> one.next(now));
    if (schedule.isPresent() && first.isEmpty()) {
      throw invalid("'trigger' is never due: its times have passed");
    }
    return first;
  }

  private static Optional<Schedule> schedule(AutomationTrigger trigger, Instant anchor) {
    try {
      return Schedules.of(trigger, anchor);
    } catch (ScheduleException e) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE, "'trigger' is invalid. " + e.getMessage(), e);
    }
  }

  static ConcertException invalid(String fault) {
    return new ConcertException(
        ErrorCode.INVALID_MESSAGE, "The message is invalid: " + fault + ".");
  }

  /** What a trigger means, and when it is due next, before it is stored. */
  public static TriggerPreview preview(PreviewTrigger wanted, Instant now) {
    Optional<Schedule> schedule = schedule(wanted.trigger(), now.truncatedTo(ChronoUnit.MILLIS));
    ZoneId zone;
    try {
      zone = Schedules.shownIn(wanted.trigger());
    } catch (ScheduleException e) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE, "'trigger' is invalid. " + e.getMessage(), e);
    }
    List<Instant> next = schedule.map(one -> one.next(now, wanted.count())).orElseGet(List::of);
    return new TriggerPreview(
        Schedules.description(wanted.trigger(), now),
        next.stream().map(Instant::toEpochMilli).toList(),
        next.stream()
            .map(at -> DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at.atZone(zone)))
            .toList(),
        null);
  }

  public Future<Automation> update(UpdateAutomation wanted) {
    return changeable(wanted.caller(), wanted.automationId())
        .compose(
            row -> {
              AutomationRow changed = changed(row, wanted);
              return rules
                  .check(changed)
                  .compose(_ -> store(changed, wanted.caller().userId(), "It was changed."));
            });
  }

  private AutomationRow changed(AutomationRow row, UpdateAutomation wanted) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    boolean isOther = wanted.trigger() != null || wanted.task() != null || wanted.policy() != null;
    AutomationTrigger trigger = wanted.trigger() == null ? row.trigger() : wanted.trigger();
    return new AutomationRow(
        row.id(),
        wanted.name() == null ? row.name() : wanted.name(),
        row.state(),
        row.reason(),
        isOther ? row.generation() + 1 : row.generation(),
        trigger,
        wanted.task() == null ? row.task() : wanted.task(),
        wanted.policy() == null ? row.policy() : wanted.policy().orElse(row.policy()),
        wanted.trigger() == null ? row.nextAt() : first(trigger, now),
        row.owner(),
        wanted.trigger() == null ? row.anchor() : now,
        row.createdAt(),
        now,
        row.failures());
  }

  public Future<Automation> pause(Caller caller, String id) {
    return changeable(caller, id)
        .compose(
            row ->
                row.state().equals(AutomationRow.PAUSED)
                    ? Future.succeededFuture(AutomationViews.of(row))
                    : store(
                        row.withState(
                            AutomationRow.PAUSED,
                            "It was paused by " + caller.userId() + ".",
                            clock.instant()),
                        caller.userId(),
                        ""));
  }

  /** Times that passed while it was paused are not caught up with. */
  public Future<Automation> resume(Caller caller, String id) {
    return changeable(caller, id)
        .compose(
            row -> {
              if (row.isEnabled()) {
                return Future.succeededFuture(AutomationViews.of(row));
              }
              Instant now = clock.instant();
              AutomationRow resumed =
                  new AutomationRow(
                      row.id(),
                      row.name(),
                      AutomationRow.ENABLED,
                      "",
                      row.generation() + 1,
                      row.trigger(),
                      row.task(),
                      row.policy(),
                      row.schedule().flatMap(one -> one.next(now)),
                      row.owner(),
                      row.anchor(),
                      row.createdAt(),
                      now,
                      0);
              return store(resumed, caller.userId(), "");
            });
  }

  private Future<Automation> store(AutomationRow row, String actor, String note) {
    return tenant
        .store(row.nextAt(), () -> tenant.stores().automations().change(row, actor, note))
        .map(AutomationViews.of(row));
  }

  public Future<Accepted> delete(Caller caller, String id) {
    return owned(caller, id)
        .compose(_ -> tenant.stores().runs().open())
        .compose(
            open ->
                tenant
                    .store(
                        Optional.empty(),
                        () ->
                            tenant.stores().removal().remove(id, caller.userId(), clock.instant()))
                    // A run that ends before leaves its question open and an item of its own.
                    .onSuccess(
                        _ ->
                            tenant.stopRuns(
                                open.stream().filter(run -> run.automationId().equals(id)).toList(),
                                "Its automation was deleted.")))
        .map(Accepted.ACCEPTED);
  }

  /**
   * @param payload JSON for the agent
   */
  public Future<Run> run(Caller caller, String id, Optional<String> payload) {
    return changeable(caller, id)
        .compose(row -> tenant.startNow(row, payload))
        .map(AutomationViews::of);
  }

  public Future<Automation> get(Caller caller, String id) {
    return owned(caller, id).map(AutomationViews::of);
  }

  public Future<Automations> list(ListAutomations wanted) {
    Caller caller = wanted.caller();
    Optional<String> owner = caller.manages() ? Optional.empty() : Optional.of(caller.userId());
    Optional<Position> after = Optional.ofNullable(wanted.cursor()).map(ListCursor::read);
    return tenant
        .stores()
        .automations()
        .page(owner, after, wanted.limit() + 1)
        .map(found -> page(found, wanted.limit()));
  }

  private static Automations page(List<AutomationRow> found, int limit) {
    boolean hasMore = found.size() > limit;
    List<AutomationRow> rows = hasMore ? found.subList(0, limit) : found;
    return new Automations(
        rows.stream().map(AutomationViews::of).toList(),
        hasMore ? ListCursor.after(rows.getLast()) : null);
  }

  public Future<Slots> slots(Caller caller, String id, Optional<Instant> before, int limit) {
    return owned(caller, id)
        .compose(_ -> tenant.stores().slots().of(id, before, limit + 1))
        .compose(
            found -> {
              boolean hasMore = found.size() > limit;
              List<SlotRow> page = hasMore ? found.subList(0, limit) : found;
              return views(page).map(slots -> new Slots(slots, hasMore));
            });
  }

  private Future<List<Slot>> views(List<SlotRow> rows) {
    List<Slot> slots = new ArrayList<>();
    Future<Void> all = Future.succeededFuture();
    for (SlotRow row : rows) {
      all =
          all.compose(_ -> view(row))
              .map(
                  slot -> {
                    slots.add(slot);
                    return null;
                  });
    }
    return all.map(slots);
  }

  private Future<Slot> view(SlotRow row) {
    Future<Optional<RunRow>> run =
        row.runId()
            .map(tenant.stores().runs()::find)
            .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    return run.map(found -> AutomationViews.of(row, found));
  }

  /** Why it ran, or did not, in the minute of an instant. */
  public Future<Explanation> explain(Caller caller, String id, Instant at) {
    return owned(caller, id)
        .compose(
            row ->
                tenant
                    .stores()
                    .slots()
                    .at(id, at.truncatedTo(ChronoUnit.MINUTES))
                    .compose(
                        slot ->
                            slot.map(one -> view(one).map(Optional::of))
                                .orElseGet(() -> Future.succeededFuture(Optional.empty())))
                    .compose(slot -> explain(row, slot, at)));
  }

  private Future<Explanation> explain(AutomationRow row, Optional<Slot> slot, Instant at) {
    return tenant
        .stores()
        .automations()
        .changes(row.id())
        .compose(
            changes ->
                index
                    .around(at)
                    .map(
                        uptimes ->
                            new TimeExplanation(row, slot, changes, uptimes, clock.instant())
                                .of(at)));
  }

  /** What is in the file of a repository is changed and begun there. */
  private Future<AutomationRow> changeable(Caller caller, String id) {
    return owned(caller, id)
        .map(
            row -> {
              if (row.trigger().kind() == AutomationTrigger.Kind.RULE) {
                throw new ConcertException(
                    ErrorCode.PRECONDITION_FAILED,
                    "This automation is the rule at %s. Change it there."
                        .formatted(row.trigger().expression()));
              }
              return row;
            });
  }

  Future<AutomationRow> owned(Caller caller, String id) {
    return tenant
        .stores()
        .automations()
        .find(id)
        .map(
            found ->
                found
                    .filter(row -> maySee(caller, row))
                    .orElseThrow(
                        () ->
                            new ConcertException(
                                ErrorCode.AUTOMATION_NOT_FOUND,
                                "There is no automation of this id.")));
  }

  private static boolean maySee(Caller caller, AutomationRow row) {
    return caller.manages() || row.owner().equals(caller.userId());
  }
}
