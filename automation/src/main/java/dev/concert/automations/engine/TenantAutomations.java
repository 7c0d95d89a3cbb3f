package dev.concert.automations.engine;

import dev.concert.automation.EventMessages.RuleWork;
import dev.concert.automations.run.RunExecution;
import dev.concert.automations.run.RunServices;
import dev.concert.automations.schedule.Schedule;
import dev.concert.automations.schedule.ScheduleCache;
import dev.concert.automations.store.AutomationRow;
import dev.concert.automations.store.EventStore.Event;
import dev.concert.automations.store.EventStore.Taken;
import dev.concert.automations.store.FileWatchStore.FileWatch;
import dev.concert.automations.store.RunRow;
import dev.concert.automations.store.SlotRow;
import dev.concert.automations.store.SlotStore.Firing;
import dev.concert.automations.store.TenantStores;
import dev.concert.bus.ConcertBus;
import dev.concert.error.FailureLog;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.foundation.lease.LeaseLostException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The automations of one tenant: at each look, the times that have come become slots, slots become
 * runs as far as there is room, and runs that an earlier process left go on. On one context.
 */
public final class TenantAutomations {
  private static final Logger LOG = LoggerFactory.getLogger(TenantAutomations.class);

  /** Automations whose slots are written in one transaction. */
  private static final int BATCH = 250;

  private static final int CLAIMS = 100;
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final String tenantId;
  private final TenantStores stores;
  private final ScheduleIndex index;
  private final RunCaps caps;
  private final InstantSource clock;
  private final RunServices services;
  private final NewsFeed news;
  private final ScheduleCache schedules = new ScheduleCache();
  private final Map<String, RunExecution> executions = new HashMap<>();
  private Future<?> tail = Future.succeededFuture();
  private Optional<Look> latest = Optional.empty();
  private boolean isFailing;
  private boolean stopped;

  /** A look, which may wait for what is under way. */
  private final class Look {
    private boolean begun;
    private Future<Void> done = Future.succeededFuture();

    private Future<Void> begin() {
      begun = true;
      return lookOnce();
    }
  }

  public TenantAutomations(
      Vertx vertx,
      String tenantId,
      TenantStores stores,
      ScheduleIndex index,
      RunCaps caps,
      GatewayClient gateway,
      ConcertBus bus,
      String agentType,
      NewsFeed news,
      InstantSource clock) {
    this.vertx = vertx;
    this.tenantId = tenantId;
    this.stores = stores;
    this.index = index;
    this.caps = caps;
    this.news = news;
    this.clock = clock;
    this.services =
        new RunServices(
            vertx, tenantId, agentType, gateway, bus, stores.runs(), stores.outcomes(), clock);
  }

  public TenantStores stores() {
    return stores;
  }

  /**
   * Looks at everything, after what is under way. A look that waits already serves for this one.
   */
  public Future<Void> look() {
    if (latest.filter(look -> !look.begun).isEmpty()) {
      Look next = new Look();
      latest = Optional.of(next);
      next.done = change(next::begin);
    }
    return latest.get().done;
  }

  /**
   * Does something when no look is under way: a look that read the tables before and writes the
   * index after would hide it.
   */
  public <T> Future<T> change(Supplier<Future<T>> work) {
    Future<T> mine = tail.transform(_ -> work.get());
    tail = mine;
    return mine;
  }

  private Future<Void> lookOnce() {
    if (stopped) {
      return Future.succeededFuture();
    }
    return fire()
        .compose(_ -> resume())
        .compose(_ -> claim())
        .compose(_ -> stores.inbox().wake(clock.instant()))
        .compose(_ -> tell())
        .compose(_ -> note())
        .onFailure(
            failure -> {
              if (failure instanceof LeaseLostException) {
                stop();
              } else if (!stopped) {
                failed(failure);
              }
            })
        .onSuccess(_ -> worked());
  }

  /** Says it once: the next look is a second away. */
  private void failed(Throwable failure) {
    if (!isFailing) {
      FailureLog.write(
          LOG.atWarn(),
          "The automations of tenant %s cannot be read or written".formatted(tenantId),
          failure);
    }
    isFailing = true;
  }

  private void worked() {
    if (isFailing) {
      LOG.info("The automations of tenant {} work again", tenantId);
    }
    isFailing = false;
  }

  /** Makes slots of the times that have come. */
  private Future<Void> fire() {
    Instant now = clock.instant();
    return stores
        .automations()
        .due(now, BATCH)
        .compose(
            due -> {
              if (due.isEmpty()) {
                return Future.succeededFuture();
              }
              List<Firing> firings = due.stream().map(row -> firing(row, now)).toList();
              return stores.slots().fire(firings).compose(_ -> fire());
            });
  }

  private Firing firing(AutomationRow row, Instant now) {
    Schedule schedule = schedules.of(row.trigger(), row.anchor()).orElseThrow();
    CatchUp passed = CatchUp.of(row, schedule, now);
    return new Firing(row, passed.slots(), passed.next());
  }

  /** Continues the open runs that this process does not execute yet. */
  private Future<Void> resume() {
    return stores
        .runs()
        .open()
        .compose(
            open -> {
              Instant now = clock.instant();
              Future<Void> all = Future.succeededFuture();
              for (RunRow run : open) {
                if (!executions.containsKey(run.id())
                    && !run.notBefore().isAfter(now)
                    && caps.hasRoom(executions.size())) {
                  all = all.compose(_ -> execute(run));
                }
              }
              return all;
            });
  }

  /** Makes runs of slots, the earliest first, as long as there is room. */
  private Future<Void> claim() {
    if (stopped || !caps.hasRoom(executions.size())) {
      return Future.succeededFuture();
    }
    return stores
        .slots()
        .due(CLAIMS)
        .compose(
            due -> {
              Future<Void> all = Future.succeededFuture();
              for (SlotRow slot : due) {
                all = all.compose(_ -> claim(slot));
              }
              return due.size() < CLAIMS ? all : all.compose(_ -> claim());
            });
  }

  private Future<Void> claim(SlotRow slot) {
    if (stopped || !caps.hasRoom(executions.size())) {
      return Future.succeededFuture();
    }
    return overBudget(slot)
        .compose(
            reason ->
                reason.isPresent()
                    ? stores.slots().skip(slot, reason.get())
                    : stores
                        .slots()
                        .claim(slot, clock.instant())
                        .compose(run -> run.map(this::execute).orElseGet(Future::succeededFuture)));
  }

  private Future<Optional<String>> overBudget(SlotRow slot) {
    return stores
        .automations()
        .find(slot.automationId())
        .compose(
            found -> {
              Optional<BigDecimal> budget = found.map(row -> row.policy().budgetPerDay());
              if (budget.isEmpty()) {
                return Future.succeededFuture(Optional.empty());
              }
              Instant day =
                  clock.instant().atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS).toInstant();
              return stores
                  .runs()
                  .costSince(slot.automationId(), day)
                  .map(
                      cost ->
                          cost.compareTo(budget.get()) < 0
                              ? Optional.empty()
                              : Optional.of(
                                  "The runs of this day have cost $%s of $%s."
                                      .formatted(
                                          cost.toPlainString(), budget.get().toPlainString())));
            });
  }

  /**
   * Publishes a batch of news. Looks again if there was any: it may start runs, and more may wait.
   */
  private Future<Void> tell() {
    return news.tell()
        .map(
            any -> {
              if (any) {
                look();
              }
              return null;
            });
  }

  /** Begins the work of a run; completes at once. */
  private Future<Void> execute(RunRow run) {
    if (stopped || executions.containsKey(run.id())) {
      return Future.succeededFuture();
    }
    return stores
        .automations()
        .find(run.automationId())
        .map(
            found -> {
              found.ifPresent(row -> execute(row, run));
              return null;
            });
  }

  private void execute(AutomationRow row, RunRow run) {
    RunExecution execution = new RunExecution(services, row, run);
    if (stopped || executions.putIfAbsent(run.id(), execution) != null) {
      return;
    }
    caps.begin();
    execution
        .run()
        .onFailure(
            failure -> {
              if (!stopped) {
                FailureLog.write(
                    LOG.atWarn(), "Run %s is left for later".formatted(run.id()), failure);
              }
            })
        .onComplete(
            _ -> {
              executions.remove(run.id());
              caps.end();
              look();
            });
  }

  /**
   * Stores something by which there may be work at a time.
   *
   * @param due empty when there is none any more
   */
  public <T> Future<T> store(Optional<Instant> due, Supplier<Future<T>> write) {
    return change(
            () ->
                due.map(at -> index.lower(tenantId, at))
                    .orElseGet(Future::succeededFuture)
                    .compose(_ -> write.get()))
        .onSuccess(_ -> look());
  }

  /**
   * Begins a run that a person asks for.
   *
   * @param payload JSON for the agent
   */
  public Future<RunRow> startNow(AutomationRow row, Optional<String> payload) {
    Instant now = clock.instant();
    return store(Optional.of(now), () -> stores.slots().startNow(row, payload, now));
  }

  /** Makes a slot of an event. */
  public Future<Taken> take(String automationId, Event event) {
    Instant now = clock.instant();
    return store(Optional.of(now), () -> stores.events().take(automationId, event, now));
  }

  /** Stores how the work of a repository's rule is. */
  public Future<Void> take(RuleWork work) {
    Instant now = clock.instant();
    return store(Optional.of(now), () -> stores.ruleWork().store(work, now));
  }

  /** Stops the runs of an automation. */
  public void stopRuns(List<RunRow> runs, String reason) {
    runs.stream()
        .map(run -> Optional.ofNullable(executions.get(run.id())))
        .flatMap(Optional::stream)
        .forEach(execution -> execution.stop(reason));
  }

  /** Makes a slot of changed files. */
  Future<Void> take(FileWatch watch, long sequence, Event event) {
    Instant now = clock.instant();
    return store(Optional.of(now), () -> stores.files().take(watch, sequence, event, now))
        .mapEmpty();
  }

  /** Tells the index when this tenant has to be looked at again. */
  private Future<Void> note() {
    Future<List<SlotRow>> waiting = stores.slots().due(1);
    Future<List<RunRow>> open = stores.runs().open();
    Future<Optional<Instant>> due = stores.automations().earliest();
    Future<Optional<Instant>> wake = stores.inbox().earliestWake();
    return Future.all(waiting, open, due, wake)
        .compose(
            _ -> {
              boolean hasOpenWork = !waiting.result().isEmpty() || !open.result().isEmpty();
              Optional<Instant> next =
                  Stream.concat(due.result().stream(), wake.result().stream())
                      .min(Comparator.naturalOrder());
              return index.set(tenantId, next(next, hasOpenWork));
            });
  }

  /** Who has open work is looked at soon, also by the process that starts after a crash. */
  private Optional<Instant> next(Optional<Instant> due, boolean hasOpenWork) {
    Instant soon = clock.instant().plus(SOON);
    return hasOpenWork ? Optional.of(due.filter(soon::isAfter).orElse(soon)) : due;
  }

  /** Begins nothing more; runs go on at the next start. Completes when no look is under way. */
  public Future<Void> stop() {
    stopped = true;
    executions.values().forEach(RunExecution::halt);
    return tail.<Void>mapEmpty().otherwiseEmpty();
  }
}
