package dev.concert.gateway.automation;

import static dev.concert.contract.AutomationOperations.CREATE_INBOX_RULE;
import static dev.concert.contract.AutomationOperations.DELETE_INBOX_RULE;
import static dev.concert.contract.AutomationOperations.LIST_INBOX_HISTORY;
import static dev.concert.contract.AutomationOperations.LIST_INBOX_RULES;
import static dev.concert.contract.AutomationOperations.LIST_RULE_DECISIONS;
import static dev.concert.contract.AutomationOperations.UNDO_INBOX;
import static dev.concert.contract.AutomationOperations.UPDATE_INBOX_RULE;

import dev.concert.automation.AutomationDefinition;
import dev.concert.automation.InboxMessages;
import dev.concert.automation.InboxMessages.StoredRule;
import dev.concert.bus.Accepted;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.ConcertBus;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.protocol.AutomationMessage;
import io.vertx.core.Future;
import java.util.Map;

/** Has the automation engine sort inboxes as clients ask. */
final class InboxHandlers {
  private final ConcertBus bus;
  private final AuditLog audit;

  InboxHandlers(ConcertBus bus, AuditLog audit) {
    this.bus = bus;
    this.audit = audit;
  }

  void register(Handlers handlers) {
    handlers
        .serve(
            LIST_INBOX_HISTORY,
            request ->
                bus.request(
                    AutomationAddresses.LIST_ITEM_HISTORY,
                    new InboxMessages.ListItemHistory(
                        AutomationHandlers.caller(request), request.message().itemId()),
                    request.timeLeft()))
        .serve(
            UNDO_INBOX,
            request ->
                bus.request(
                    AutomationAddresses.UNDO_ITEM_CHANGE,
                    new InboxMessages.UndoItemChange(
                        AutomationHandlers.caller(request), request.message().itemId()),
                    request.timeLeft()))
        .serve(
            LIST_INBOX_RULES,
            request ->
                bus.request(
                    AutomationAddresses.LIST_INBOX_RULES,
                    new InboxMessages.ListRules(AutomationHandlers.caller(request)),
                    request.timeLeft()))
        .serve(
            LIST_RULE_DECISIONS,
            request ->
                bus.request(
                    AutomationAddresses.LIST_RULE_DECISIONS,
                    new InboxMessages.ListRuleDecisions(
                        AutomationHandlers.caller(request), request.message().ruleId()),
                    request.timeLeft()))
        .serve(CREATE_INBOX_RULE, this::create)
        .serve(UPDATE_INBOX_RULE, this::update)
        .serve(DELETE_INBOX_RULE, this::delete);
  }

  private Future<StoredRule> create(ApiRequest<AutomationMessage.CreateInboxRule> request) {
    AutomationMessage.CreateInboxRule message = request.message();
    return bus.request(
            AutomationAddresses.CREATE_INBOX_RULE,
            new InboxMessages.CreateRule(
                AutomationHandlers.caller(request),
                AutomationDefinition.rule(message.name(), message.when(), message.then())),
            request.timeLeft())
        .compose(made -> record(request, "inbox.rule_created", made.ruleId()).map(made));
  }

  private Future<StoredRule> update(ApiRequest<AutomationMessage.UpdateInboxRule> request) {
    AutomationMessage.UpdateInboxRule message = request.message();
    return bus.request(
            AutomationAddresses.UPDATE_INBOX_RULE,
            new InboxMessages.UpdateRule(
                AutomationHandlers.caller(request),
                message.ruleId(),
                message.name(),
                AutomationDefinition.match(message.when()),
                AutomationDefinition.action(message.then()),
                message.isOn()),
            request.timeLeft())
        .compose(rule -> record(request, "inbox.rule_changed", rule.ruleId()).map(rule));
  }

  private Future<Accepted> delete(ApiRequest<AutomationMessage.DeleteInboxRule> request) {
    String id = request.message().ruleId();
    return bus.request(
            AutomationAddresses.DELETE_INBOX_RULE,
            new InboxMessages.DeleteRule(AutomationHandlers.caller(request), id),
            request.timeLeft())
        .compose(done -> record(request, "inbox.rule_deleted", id).map(done));
  }

  private Future<Void> record(ApiRequest<?> request, String action, String id) {
    return audit.record(request.who().tenantId(), request.who().userId(), action, id, Map.of());
  }
}
