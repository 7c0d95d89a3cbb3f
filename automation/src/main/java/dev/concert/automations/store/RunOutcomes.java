package dev.concert.automations.store;

import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.automations.store.RunRow.State;
import dev.concert.foundation.lease.FencedDatabase;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Ends runs: the run, its slot, its automation's count of failures, another attempt and the item in
 * the inbox change in one transaction. Thread-safe and non-blocking.
 */
public final class RunOutcomes {
  private static final Duration FIRST_RETRY = Duration.ofSeconds(30);

  private final FencedDatabase database;
  private final AutomationStore automations;
  private final SlotStore slots;
  private final RunStore runs;
  private final InboxItemStore inbox;
  private final ItemTriage triage;

  RunOutcomes(
      FencedDatabase database,
      AutomationStore automations,
      SlotStore slots,
      RunStore runs,
      InboxItemStore inbox,
      ItemTriage triage) {
    this.database = database;
    this.automations = automations;
    this.slots = slots;
    this.runs = runs;
    this.inbox = inbox;
    this.triage = triage;
  }

  /**
   * How a run ended.
   *
   * @param error a sentence; empty when there is none
   * @param text what the agent said last, for the inbox
   * @param retry whether another attempt may help
   * @param quiet whether the outcome is only in the history and not in the inbox
   * @param verdict of its checks; empty where there are none
   * @param pull address of the pull request with what it changed
   */
  public record Outcome(
      State state,
      String error,
      String text,
      boolean retry,
      boolean quiet,
      Optional<String> verdict,
      Optional<String> pull) {
    public Outcome(State state, String error, String text, boolean retry, boolean quiet) {
      this(state, error, text, retry, quiet, Optional.empty(), Optional.empty());
    }

    public Outcome(State state, String error, String text, boolean retry) {
      this(state, error, text, retry, false);
    }

    /** With a pull request. */
    public Outcome in(String url) {
      return new Outcome(state, error, text, retry, quiet, verdict, Optional.of(url));
    }

    private boolean needsPerson() {
      return verdict.filter(RunRow.NEEDS_PERSON::equals).isPresent();
    }
  }

  /**
   * Ends a run.
   *
   * @return whether it was open
   */
  public Future<Boolean> end(RunRow run, Outcome outcome, Instant now) {
    return database.change(
        connection ->
            runs.end(connection, run.id(), outcome, now)
                .compose(
                    ended ->
                        ended
                            ? settle(connection, run, outcome, now).map(true)
                            : Future.succeededFuture(false)));
  }

  private Future<Void> settle(SqlConnection connection, RunRow run, Outcome outcome, Instant now) {
    return automations
        .find(connection, run.automationId())
        .compose(
            found -> {
              if (found.isEmpty()) {
                return Future.succeededFuture();
              }
              AutomationRow row = found.get();
              if (outcome.retry() && run.attempt() <= row.policy().retries()) {
                Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(6, run.attempt() - 1));
                return slots.retry(connection, run, now.plus(wait)).mapEmpty();
              }
              return slots
                  .done(connection, run)
                  .compose(_ -> count(connection, row, outcome, now))
                  .compose(
                      _ ->
                          outcome.quiet()
                              ? Future.succeededFuture()
                              : leave(connection, row, run, outcome, now));
            });
  }

  /** A run that decided about an item of the inbox leaves no item of its own but its question. */
  private Future<Void> leave(
      SqlConnection connection, AutomationRow row, RunRow run, Outcome outcome, Instant now) {
    Future<ItemTriage.Followed> followed =
        outcome.state() == State.SUCCEEDED
            ? triage.decided(connection, row.owner(), run, outcome.text(), now)
            : Future.succeededFuture(ItemTriage.Followed.NOT);
    return followed.compose(
        done ->
            done.question()
                .map(one -> Optional.of(question(row, run, one, now)))
                .orElseGet(
                    () ->
                        done.isDecided()
                            ? Optional.empty()
                            : Optional.of(item(row, run, outcome, now)))
                .map(item -> inbox.insert(connection, row.owner(), item))
                .orElseGet(Future::succeededFuture));
  }

  private static InboxItem question(
      AutomationRow row, RunRow run, ItemTriage.AgentQuestion asked, Instant now) {
    return item(
        asked.itemId(),
        row,
        Optional.of(run),
        "question",
        "warning",
        "Asks: " + asked.about(),
        asked.text(),
        now);
  }

  private Future<Void> count(
      SqlConnection connection, AutomationRow row, Outcome outcome, Instant now) {
    if (outcome.state() == State.STOPPED || outcome.needsPerson()) {
      return Future.succeededFuture();
    }
    int failures = outcome.state() == State.SUCCEEDED ? 0 : row.failures() + 1;
    int most = row.policy().disableAfterFailures();
    if (failures < most || !row.isEnabled()) {
      return automations.update(connection, row.withFailures(failures));
    }
    String reason = "%d runs in a row failed.".formatted(failures);
    AutomationRow disabled =
        row.withFailures(failures).withState(AutomationRow.DISABLED, reason, now);
    return automations
        .update(connection, disabled)
        .compose(_ -> automations.note(connection, disabled, now, "concert", reason))
        .compose(_ -> inbox.insert(connection, row.owner(), notice(disabled, now)));
  }

  /**
   * Stops an automation that its owner may not run any more.
   *
   * @param reason a sentence
   */
  public Future<Void> disable(String automationId, String reason, Instant now) {
    return disable(automationId, reason, Optional.empty(), now);
  }

  /**
   * The same, with another notice.
   *
   * @param alsoTo a member who gets one as well
   */
  public Future<Void> disable(
      String automationId, String reason, Optional<String> alsoTo, Instant now) {
    return database.change(
        connection ->
            automations
                .find(connection, automationId)
                .compose(
                    found -> {
                      if (found.filter(AutomationRow::isEnabled).isEmpty()) {
                        return Future.succeededFuture();
                      }
                      AutomationRow row = found.get();
                      AutomationRow disabled = row.withState(AutomationRow.DISABLED, reason, now);
                      return automations
                          .update(connection, disabled)
                          .compose(
                              _ -> automations.note(connection, disabled, now, "concert", reason))
                          .compose(
                              _ -> inbox.insert(connection, row.owner(), notice(disabled, now)))
                          .compose(
                              _ ->
                                  alsoTo
                                      .filter(other -> !other.equals(row.owner()))
                                      .map(
                                          other ->
                                              inbox.insert(
                                                  connection,
                                                  other,
                                                  noticeTo(other, disabled, now)))
                                      .orElseGet(Future::succeededFuture));
                    }));
  }

  private static InboxItem noticeTo(String user, AutomationRow row, Instant now) {
    InboxItem notice = notice(row, now);
    return item(
        notice.itemId() + "_" + Integer.toHexString(user.hashCode()),
        row,
        Optional.empty(),
        notice.kind(),
        notice.severity(),
        notice.title(),
        row.reason() + " It was an automation of " + row.owner() + ".",
        now);
  }

  private static InboxItem notice(AutomationRow row, Instant now) {
    return item(
        "item_off_%s_%d".formatted(row.id(), now.toEpochMilli()),
        row,
        Optional.empty(),
        "notice",
        "error",
        "Disabled: " + row.name(),
        row.reason() + " Resume it when the cause is mended.",
        now);
  }

  private static InboxItem item(AutomationRow row, RunRow run, Outcome outcome, Instant now) {
    boolean isFine = outcome.state() == State.SUCCEEDED;
    String title =
        switch (outcome.state()) {
          case SUCCEEDED -> "Done: ";
          case UNVERIFIED -> outcome.needsPerson() ? "Needs you: " : "Not done: ";
          case STOPPED -> "Stopped: ";
          case TIMED_OUT -> "Timed out: ";
          default -> "Failed: ";
        };
    String all =
        Stream.of(
                outcome.error(),
                outcome.pull().map("Pull request: "::concat).orElse(""),
                outcome.text())
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining("\n\n"));
    return item(
        "item_" + run.id(),
        row,
        Optional.of(run),
        isFine ? "result" : outcome.needsPerson() ? "question" : "failure",
        isFine ? "info" : outcome.needsPerson() ? "warning" : "error",
        title + row.name(),
        all,
        now);
  }

  /** A run waits for a person. */
  public Future<Void> ask(
      AutomationRow row, RunRow run, String questionId, String text, Instant now) {
    return inbox.insert(
        row.owner(),
        item(
            "item_%s_%s".formatted(run.id(), questionId),
            row,
            Optional.of(run),
            "question",
            "warning",
            "Waits for you: " + row.name(),
            text,
            now));
  }

  private static InboxItem item(
      String id,
      AutomationRow row,
      Optional<RunRow> run,
      String kind,
      String severity,
      String title,
      String body,
      Instant now) {
    return new InboxItem(
        id,
        row.id(),
        run.map(RunRow::id).orElse(null),
        run.flatMap(RunRow::sessionId).orElse(null),
        kind,
        severity,
        "new",
        null,
        title,
        body,
        now.toEpochMilli(),
        now.toEpochMilli());
  }
}
