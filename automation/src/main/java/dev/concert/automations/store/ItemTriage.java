package dev.concert.automations.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.automation.InboxMessages.StoredRule;
import dev.concert.automation.InboxRule;
import dev.concert.automations.store.EventStore.Event;
import dev.concert.automations.store.ItemChangeStore.By;
import dev.concert.automations.store.ItemChangeStore.Change;
import dev.concert.automations.triage.RuleMatch;
import dev.concert.automations.triage.TriageDecision;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Follows the rules of an inbox when an item comes, and the decisions of agents, each in the
 * transaction of what it is about: a crash leaves no item that no rule saw. Thread-safe and
 * non-blocking.
 */
final class ItemTriage {
  private static final String KEY = "triage:";
  private static final int CANDIDATES = 30;

  private final InboxRuleStore rules;
  private final ItemChangeStore changes;
  private final EventStore events;

  ItemTriage(InboxRuleStore rules, ItemChangeStore changes, EventStore events) {
    this.rules = rules;
    this.changes = changes;
    this.events = events;
  }

  /** An item has come; in the transaction that stored it. */
  Future<Void> came(SqlConnection connection, String owner, InboxItem item) {
    Instant now = Instant.ofEpochMilli(item.createdAt());
    return rules
        .of(connection, owner)
        .compose(
            all ->
                all.stream()
                    .filter(rule -> isFor(rule, item))
                    .findFirst()
                    .map(rule -> follow(connection, owner, item, rule, now))
                    .orElseGet(Future::succeededFuture));
  }

  /** What the agent of a rule puts into the inbox itself does not begin it. */
  private static boolean isFor(StoredRule rule, InboxItem item) {
    return rule.isOn()
        && !item.automationId().equals(rule.then().automationId())
        && RuleMatch.matches(rule.when(), item);
  }

  private Future<Void> follow(
      SqlConnection connection, String owner, InboxItem item, StoredRule rule, Instant now) {
    InboxRule.Action then = rule.then();
    return switch (then.action()) {
      case "rate" ->
          changes.apply(
              connection,
              item.itemId(),
              one -> one.rated(then.severity()),
              by(rule, "rate", item.severity() + " is now " + then.severity()),
              now);
      case "snooze" -> {
        Instant until = now.plus(Duration.parse(then.snooze()));
        yield changes.apply(
            connection,
            item.itemId(),
            one -> one.in("snoozed", Optional.of(until)),
            by(rule, "snooze", "until " + until),
            now);
      }
      case "close" ->
          changes.apply(
              connection,
              item.itemId(),
              one -> one.in("done", Optional.empty()),
              by(rule, "close", ""),
              now);
      case "merge" ->
          sibling(connection, owner, item)
              .compose(
                  target ->
                      target
                          .map(
                              id ->
                                  changes.apply(
                                      connection,
                                      item.itemId(),
                                      one -> one.mergedInto(id),
                                      by(rule, "merge", "into " + id),
                                      now))
                          .orElseGet(Future::succeededFuture));
      case "agent" -> ask(connection, owner, item, rule, now);
      default -> Future.succeededFuture();
    };
  }

  private static Change by(StoredRule rule, String action, String note) {
    return new Change(
        By.RULE, rule.name(), action, note, Optional.empty(), Optional.of(rule.ruleId()));
  }

  /** The newest open item of the same automation and kind. */
  private static Future<Optional<String>> sibling(
      SqlConnection connection, String owner, InboxItem item) {
    return connection
        .preparedQuery(
            """
            SELECT id FROM inbox_item
            WHERE owner = ? AND automation = ? AND kind = ? AND id <> ? AND state <> 'done'
              AND merged_into IS NULL
            ORDER BY created_ms DESC, rowid DESC LIMIT 1
            """)
        .execute(Tuple.of(owner, item.automationId(), item.kind(), item.itemId()))
        .map(
            rows ->
                rows.size() == 0
                    ? Optional.empty()
                    : Optional.of(rows.iterator().next().getString(0)));
  }

  private Future<Void> ask(
      SqlConnection connection, String owner, InboxItem item, StoredRule rule, Instant now) {
    return candidates(connection, owner, item)
        .compose(
            payload ->
                depth(connection, item)
                    .compose(
                        depth ->
                            events.take(
                                connection,
                                rule.then().automationId(),
                                new Event(KEY + item.itemId(), payload.toString(), depth + 1),
                                now)))
        .compose(
            taken ->
                changes.apply(
                    connection,
                    item.itemId(),
                    one -> one,
                    by(
                        rule,
                        "agent",
                        switch (taken) {
                          case DUE, DUPLICATE -> "an agent is asked";
                          case SKIPPED -> "the automation did not run; its history says why";
                          case UNKNOWN -> "the automation is not there any more";
                        }),
                    now));
  }

  private static Future<ObjectNode> candidates(
      SqlConnection connection, String owner, InboxItem item) {
    ObjectNode payload = Json.MAPPER.createObjectNode().put("source", TriageDecision.SOURCE);
    payload
        .putObject("item")
        .put("itemId", item.itemId())
        .put("kind", item.kind())
        .put("severity", item.severity())
        .put("title", item.title())
        .put("body", item.body());
    return connection
        .preparedQuery(
            """
            SELECT id, kind, severity, title, substr(body, 1, 300) FROM inbox_item
            WHERE owner = ? AND id <> ? AND state <> 'done' AND merged_into IS NULL
            ORDER BY created_ms DESC, rowid DESC LIMIT ?
            """)
        .execute(Tuple.of(owner, item.itemId(), CANDIDATES))
        .map(
            rows -> {
              rows.forEach(
                  row ->
                      payload
                          .withArray("openItems")
                          .addObject()
                          .put("itemId", row.getString(0))
                          .put("kind", row.getString(1))
                          .put("severity", row.getString(2))
                          .put("title", row.getString(3))
                          .put("body", row.getString(4)));
              return payload;
            });
  }

  private static Future<Integer> depth(SqlConnection connection, InboxItem item) {
    return connection
        .preparedQuery(
            """
            SELECT slot.depth FROM run JOIN slot ON slot.automation = run.automation
              AND slot.scheduled_ms = run.scheduled_ms WHERE run.id = ?
            """)
        .execute(Tuple.of(item.runId()))
        .map(rows -> rows.size() == 0 ? 0 : rows.iterator().next().getInteger(0));
  }

  /** A question of an agent about an item. */
  record AgentQuestion(String itemId, String text, String about) {}

  /** What became of a run that may have been about an item. */
  record Followed(boolean isDecided, Optional<AgentQuestion> question) {
    static final Followed NOT = new Followed(false, Optional.empty());
    private static final Followed DONE = new Followed(true, Optional.empty());
  }

  /**
   * An agent has answered; in the transaction that ends its run.
   *
   * @return whether the run was asked about an item and decided
   */
  Future<Followed> decided(
      SqlConnection connection, String owner, RunRow run, String answer, Instant now) {
    return connection
        .preparedQuery("SELECT event_key FROM slot WHERE automation = ? AND scheduled_ms = ?")
        .execute(Tuple.of(run.automationId(), run.scheduledAt().toEpochMilli()))
        .compose(
            rows -> {
              String key = rows.size() == 0 ? null : rows.iterator().next().getString(0);
              return key == null || !key.startsWith(KEY)
                  ? Future.succeededFuture(Followed.NOT)
                  : item(connection, owner, key.substring(KEY.length()))
                      .compose(
                          item ->
                              item.isEmpty()
                                  ? Future.succeededFuture(Followed.NOT)
                                  : follow(connection, owner, item.get(), run, answer, now));
            });
  }

  private record Asked(String id, String title, String severity) {}

  private static Future<Optional<Asked>> item(SqlConnection connection, String owner, String id) {
    return connection
        .preparedQuery("SELECT id, title, severity FROM inbox_item WHERE id = ? AND owner = ?")
        .execute(Tuple.of(id, owner))
        .map(
            rows -> {
              if (rows.size() == 0) {
                return Optional.empty();
              }
              Row row = rows.iterator().next();
              return Optional.of(new Asked(row.getString(0), row.getString(1), row.getString(2)));
            });
  }

  private Future<Followed> follow(
      SqlConnection connection, String owner, Asked item, RunRow run, String answer, Instant now) {
    Optional<TriageDecision> found = TriageDecision.of(answer);
    if (found.isEmpty()) {
      return noted(connection, item, run, "none", "The answer has no decision.", now);
    }
    TriageDecision decision = found.get();
    return switch (decision.decision()) {
      case "merge" -> merge(connection, owner, item, run, decision, now);
      case "rate" ->
          changes
              .apply(
                  connection,
                  item.id(),
                  one -> one.rated(decision.severity()),
                  by(
                      run,
                      "rate",
                      "%s is now %s. %s"
                          .formatted(item.severity(), decision.severity(), decision.reason())),
                  now)
              .map(Followed.DONE);
      case "close" ->
          changes
              .apply(
                  connection,
                  item.id(),
                  one -> one.in("done", Optional.empty()),
                  by(run, "close", decision.reason()),
                  now)
              .map(Followed.DONE);
      default -> {
        AgentQuestion question =
            new AgentQuestion("item_ask_" + run.id(), decision.question(), item.title());
        yield changes
            .apply(
                connection,
                item.id(),
                one -> one,
                new Change(
                    By.AGENT,
                    run.id(),
                    "ask",
                    decision.question(),
                    Optional.of(question.itemId()),
                    Optional.empty()),
                now)
            .map(new Followed(true, Optional.of(question)));
      }
    };
  }

  private Future<Followed> merge(
      SqlConnection connection,
      String owner,
      Asked item,
      RunRow run,
      TriageDecision decision,
      Instant now) {
    return connection
        .preparedQuery(
            """
            SELECT 1 FROM inbox_item WHERE id = ? AND owner = ? AND id <> ? AND state <> 'done'
              AND merged_into IS NULL
            """)
        .execute(Tuple.of(decision.into(), owner, item.id()))
        .compose(
            rows ->
                rows.size() == 0
                    ? noted(
                        connection,
                        item,
                        run,
                        "none",
                        "It wanted to merge into an item that is not open.",
                        now)
                    : changes
                        .apply(
                            connection,
                            item.id(),
                            one -> one.mergedInto(decision.into()),
                            by(
                                run,
                                "merge",
                                "into %s. %s".formatted(decision.into(), decision.reason())),
                            now)
                        .map(Followed.DONE));
  }

  private static Change by(RunRow run, String action, String note) {
    return new Change(By.AGENT, run.id(), action, note.strip());
  }

  private Future<Followed> noted(
      SqlConnection connection, Asked item, RunRow run, String action, String note, Instant now) {
    return changes
        .apply(connection, item.id(), one -> one, by(run, action, note), now)
        .map(Followed.NOT);
  }
}
