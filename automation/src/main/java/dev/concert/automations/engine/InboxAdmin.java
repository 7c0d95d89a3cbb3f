package dev.concert.automations.engine;

import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.automation.AutomationMessages.InboxItems;
import dev.concert.automation.AutomationMessages.ListInbox;
import dev.concert.automation.AutomationMessages.ReplyToInboxItem;
import dev.concert.automation.AutomationMessages.UpdateInboxItem;
import dev.concert.automation.InboxMessages.CreateRule;
import dev.concert.automation.InboxMessages.DeleteRule;
import dev.concert.automation.InboxMessages.ItemHistory;
import dev.concert.automation.InboxMessages.ListItemHistory;
import dev.concert.automation.InboxMessages.ListRuleDecisions;
import dev.concert.automation.InboxMessages.ListRules;
import dev.concert.automation.InboxMessages.RuleDecisions;
import dev.concert.automation.InboxMessages.StoredRule;
import dev.concert.automation.InboxMessages.StoredRules;
import dev.concert.automation.InboxMessages.UndoItemChange;
import dev.concert.automation.InboxMessages.UpdateRule;
import dev.concert.automation.InboxRule;
import dev.concert.automations.store.InboxItemStore;
import dev.concert.automations.store.TenantStores;
import dev.concert.bus.Accepted;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.client.GatewayClient;
import io.vertx.core.Future;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/**
 * Lists and sorts what runs left for people. Everybody has their own inbox: what a run says may
 * come from a private session. Non-blocking.
 */
public final class InboxAdmin {
  private static final int MAX_RULES = 100;
  private static final int MAX_DECISIONS = 50;

  private final TenantAutomations tenant;
  private final TenantStores stores;
  private final InboxItemStore items;
  private final GatewayClient gateway;
  private final InstantSource clock;

  public InboxAdmin(TenantAutomations tenant, GatewayClient gateway, InstantSource clock) {
    this.tenant = tenant;
    this.stores = tenant.stores();
    this.items = stores.inbox();
    this.gateway = gateway;
    this.clock = clock;
  }

  public Future<InboxItems> list(ListInbox wanted) {
    return items
        .list(wanted.caller().userId(), wanted.state(), clock.instant(), wanted.limit())
        .map(InboxItems::new);
  }

  public Future<InboxItem> update(UpdateInboxItem wanted) {
    boolean isSnoozed = wanted.state().equals("snoozed");
    if (isSnoozed != (wanted.until() != null)) {
      return Future.failedFuture(
          new ConcertException(
              ErrorCode.INVALID_MESSAGE,
              "The message is invalid: 'until' is given for the state snoozed, and for no other."));
    }
    return item(wanted.caller(), wanted.itemId())
        .compose(_ -> set(wanted.caller(), wanted.itemId(), wanted.state(), wanted.until()))
        .compose(_ -> item(wanted.caller(), wanted.itemId()));
  }

  private Future<Void> set(Caller caller, String id, String state, Long until) {
    Instant now = clock.instant();
    return tenant.store(
        Optional.of(now),
        () ->
            stores
                .changes()
                .setState(
                    id,
                    state,
                    Optional.ofNullable(until).map(Instant::ofEpochMilli),
                    caller.userId(),
                    now));
  }

  /** What became of an item, and who did it. */
  public Future<ItemHistory> history(ListItemHistory wanted) {
    return item(wanted.caller(), wanted.itemId())
        .compose(_ -> stores.changes().of(wanted.itemId()))
        .map(ItemHistory::new);
  }

  /** Takes back what was done last. */
  public Future<InboxItem> undo(UndoItemChange wanted) {
    Instant now = clock.instant();
    return item(wanted.caller(), wanted.itemId())
        .compose(
            _ ->
                tenant.store(
                    Optional.of(now),
                    () -> stores.changes().undo(wanted.itemId(), wanted.caller().userId(), now)))
        .compose(
            isUndone ->
                isUndone
                    ? item(wanted.caller(), wanted.itemId())
                    : Future.failedFuture(
                        new ConcertException(
                            ErrorCode.PRECONDITION_FAILED,
                            "Nothing was done with this item that can be taken back.")));
  }

  public Future<StoredRules> rules(ListRules wanted) {
    return stores.rules().of(wanted.caller().userId()).map(StoredRules::new);
  }

  public Future<StoredRule> add(CreateRule wanted) {
    String owner = wanted.caller().userId();
    InboxRule rule = wanted.rule();
    checkSnooze(rule.then());
    StoredRule stored =
        new StoredRule(
            "rule_" + UUID.randomUUID(),
            rule.name(),
            rule.when(),
            rule.then(),
            true,
            clock.millis());
    return stores
        .rules()
        .of(owner)
        .compose(
            rules ->
                rules.size() < MAX_RULES
                    ? checkAgent(owner, rule.then())
                    : Future.failedFuture(
                        AutomationAdmin.invalid(
                            "an inbox has at most %d rules".formatted(MAX_RULES))))
        .compose(_ -> stores.rules().add(owner, stored))
        .map(stored);
  }

  public Future<StoredRule> change(UpdateRule wanted) {
    String owner = wanted.caller().userId();
    return rule(owner, wanted.ruleId())
        .compose(
            before -> {
              StoredRule after =
                  new StoredRule(
                      before.ruleId(),
                      wanted.name() == null ? before.name() : wanted.name(),
                      wanted.when() == null ? before.when() : wanted.when(),
                      wanted.then() == null ? before.then() : wanted.then(),
                      wanted.isOn() == null ? before.isOn() : wanted.isOn(),
                      before.createdAt());
              checkSnooze(after.then());
              return checkAgent(owner, after.then())
                  .compose(_ -> stores.rules().change(owner, after))
                  .map(after);
            });
  }

  /** What a rule did, also where somebody took it back. */
  public Future<RuleDecisions> decisions(ListRuleDecisions wanted) {
    return rule(wanted.caller().userId(), wanted.ruleId())
        .compose(rule -> stores.changes().decisions(rule.ruleId(), MAX_DECISIONS))
        .map(RuleDecisions::new);
  }

  private Future<StoredRule> rule(String owner, String id) {
    return stores
        .rules()
        .of(owner)
        .map(
            rules ->
                rules.stream()
                    .filter(one -> one.ruleId().equals(id))
                    .findFirst()
                    .orElseThrow(InboxAdmin::noRule));
  }

  private static ConcertException noRule() {
    return new ConcertException(
        ErrorCode.NOT_FOUND,
        "There is no rule of this id in your inbox. List the rules to see which there are.");
  }

  private static void checkSnooze(InboxRule.Action then) {
    try {
      if (then.snooze() != null && !Duration.parse(then.snooze()).isPositive()) {
        throw AutomationAdmin.invalid("'then.snooze' must be more than nothing");
      }
    } catch (DateTimeException e) {
      throw AutomationAdmin.invalid("'then.snooze' is no duration. Write it like PT4H or P1D");
    }
  }

  private Future<Void> checkAgent(String owner, InboxRule.Action then) {
    return then.automationId() == null
        ? Future.succeededFuture()
        : stores
            .automations()
            .find(then.automationId())
            .map(
                found -> {
                  if (found.filter(one -> one.owner().equals(owner)).isEmpty()) {
                    throw AutomationAdmin.invalid("'then.automationId' is no automation of yours");
                  }
                  return null;
                });
  }

  public Future<Accepted> remove(DeleteRule wanted) {
    return stores
        .rules()
        .remove(wanted.caller().userId(), wanted.ruleId())
        .map(
            removed -> {
              if (!removed) {
                throw noRule();
              }
              return Accepted.ACCEPTED;
            });
  }

  /** The run's session goes on with the text as its next message; the item is done. */
  public Future<InboxItem> reply(ReplyToInboxItem wanted) {
    Caller caller = wanted.caller();
    return item(caller, wanted.itemId())
        .compose(
            item -> {
              if (item.sessionId() == null) {
                return Future.failedFuture(
                    new ConcertException(
                        ErrorCode.SESSION_NOT_FOUND, "This item has no session to reply in."));
              }
              return gateway.call(
                  caller.tenantId(),
                  caller.userId(),
                  "run_turn",
                  GatewayClient.request()
                      .put("sessionId", item.sessionId())
                      .put("text", wanted.text()));
            })
        .compose(_ -> set(caller, wanted.itemId(), "done", null))
        .compose(_ -> item(caller, wanted.itemId()));
  }

  private Future<InboxItem> item(Caller caller, String id) {
    return items
        .find(caller.userId(), id)
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        new ConcertException(
                            ErrorCode.INBOX_ITEM_NOT_FOUND,
                            "There is no item of this id in your inbox.")));
  }
}
