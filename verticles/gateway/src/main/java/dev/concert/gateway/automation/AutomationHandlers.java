package dev.concert.gateway.automation;

import static dev.concert.contract.AutomationOperations.ACCEPT_RUN;
import static dev.concert.contract.AutomationOperations.CREATE_AUTOMATION;
import static dev.concert.contract.AutomationOperations.CREATE_AUTOMATION_WEBHOOK;
import static dev.concert.contract.AutomationOperations.DELETE_AUTOMATION;
import static dev.concert.contract.AutomationOperations.EXPLAIN_TIME;
import static dev.concert.contract.AutomationOperations.FETCH_RUN_BRANCH;
import static dev.concert.contract.AutomationOperations.GET_AUTOMATION;
import static dev.concert.contract.AutomationOperations.LIST_AUTOMATIONS;
import static dev.concert.contract.AutomationOperations.LIST_BLUEPRINTS;
import static dev.concert.contract.AutomationOperations.LIST_INBOX;
import static dev.concert.contract.AutomationOperations.LIST_RUNS;
import static dev.concert.contract.AutomationOperations.LIST_RUN_CHANGES;
import static dev.concert.contract.AutomationOperations.PAUSE_AUTOMATION;
import static dev.concert.contract.AutomationOperations.PREVIEW_AUTOMATION;
import static dev.concert.contract.AutomationOperations.REPLY_INBOX;
import static dev.concert.contract.AutomationOperations.RESUME_AUTOMATION;
import static dev.concert.contract.AutomationOperations.RUN_AUTOMATION;
import static dev.concert.contract.AutomationOperations.UPDATE_AUTOMATION;
import static dev.concert.contract.AutomationOperations.UPDATE_INBOX;
import static dev.concert.contract.AutomationOperations.USE_BLUEPRINT;

import dev.concert.automation.AutomationDefinition;
import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationTrigger;
import dev.concert.bus.Accepted;
import dev.concert.bus.Address;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.ConcertBus;
import dev.concert.contract.ApiOperation;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.gateway.inference.EnsembleClient;
import dev.concert.protocol.AutomationMessage;
import dev.concert.protocol.AutomationWebhook;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import io.vertx.core.Future;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.function.BiFunction;

/** Has the automation engine do what clients ask. */
public final class AutomationHandlers {
  private static final Duration FORGET = Duration.ofSeconds(30);

  private final ConcertBus bus;
  private final AuditLog audit;
  private final AutomationWords words;

  /**
   * @param ensemble whose model reads what people say in their own words
   */
  public AutomationHandlers(ConcertBus bus, AuditLog audit, EnsembleClient ensemble) {
    this.bus = bus;
    this.audit = audit;
    this.words = new AutomationWords(ensemble, InstantSource.system());
  }

  public void register(Handlers handlers) {
    handlers
        .serve(CREATE_AUTOMATION, this::create)
        .serve(UPDATE_AUTOMATION, this::update)
        .serve(DELETE_AUTOMATION, this::delete)
        .serve(USE_BLUEPRINT, this::useBlueprint)
        .serve(ACCEPT_RUN, this::accept)
        .serve(CREATE_AUTOMATION_WEBHOOK, this::webhook)
        .serve(PREVIEW_AUTOMATION, this::preview)
        .serve(LIST_RUNS, this::runs)
        .serve(EXPLAIN_TIME, this::explain);
    new InboxHandlers(bus, audit).register(handlers);
    pass(
        handlers,
        LIST_AUTOMATIONS,
        AutomationAddresses.LIST_AUTOMATIONS,
        (caller, message) ->
            new AutomationMessages.ListAutomations(caller, message.limit(), message.cursor()));
    pass(
        handlers,
        GET_AUTOMATION,
        AutomationAddresses.GET_AUTOMATION,
        (caller, message) -> new AutomationMessages.GetAutomation(caller, message.automationId()));
    pass(
        handlers,
        PAUSE_AUTOMATION,
        AutomationAddresses.PAUSE_AUTOMATION,
        (caller, message) ->
            new AutomationMessages.PauseAutomation(caller, message.automationId()));
    pass(
        handlers,
        RESUME_AUTOMATION,
        AutomationAddresses.RESUME_AUTOMATION,
        (caller, message) ->
            new AutomationMessages.ResumeAutomation(caller, message.automationId()));
    pass(
        handlers,
        RUN_AUTOMATION,
        AutomationAddresses.RUN_AUTOMATION,
        (caller, message) ->
            new AutomationMessages.RunAutomation(
                caller,
                message.automationId(),
                message.payload() == null ? null : message.payload().toString()));
    pass(
        handlers,
        LIST_BLUEPRINTS,
        AutomationAddresses.LIST_BLUEPRINTS,
        (caller, message) -> new AutomationMessages.ListBlueprints(caller));
    pass(
        handlers,
        LIST_RUN_CHANGES,
        AutomationAddresses.LIST_RUN_CHANGES,
        (caller, message) ->
            new AutomationMessages.ListRunChanges(caller, message.automationId(), message.runId()));
    pass(
        handlers,
        FETCH_RUN_BRANCH,
        AutomationAddresses.FETCH_RUN_BRANCH,
        (caller, message) ->
            new AutomationMessages.FetchRunBranch(caller, message.automationId(), message.runId()));
    pass(
        handlers,
        LIST_INBOX,
        AutomationAddresses.LIST_INBOX,
        (caller, message) ->
            new AutomationMessages.ListInbox(caller, message.state(), message.limit()));
    pass(
        handlers,
        UPDATE_INBOX,
        AutomationAddresses.UPDATE_INBOX_ITEM,
        (caller, message) ->
            new AutomationMessages.UpdateInboxItem(
                caller, message.itemId(), message.state(), message.until()));
    pass(
        handlers,
        REPLY_INBOX,
        AutomationAddresses.REPLY_TO_INBOX_ITEM,
        (caller, message) ->
            new AutomationMessages.ReplyToInboxItem(caller, message.itemId(), message.text()));
  }

  /** Nothing of a tenant is left in the engine. Where none runs there is nothing. */
  public Future<Void> forgetTenant(String tenantId) {
    return bus.request(
            AutomationAddresses.FORGET_AUTOMATIONS,
            new AutomationMessages.ForgetAutomations(tenantId),
            FORGET)
        .<Void>mapEmpty()
        .recover(
            failure ->
                Problem.of(failure).code() == ErrorCode.AUTOMATIONS_UNAVAILABLE
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }

  private <Q extends AutomationMessage, B extends Record, R extends Record> void pass(
      Handlers handlers,
      ApiOperation<Q, R> operation,
      Address<B, R> address,
      BiFunction<Caller, Q, B> message) {
    handlers.serve(
        operation,
        request ->
            bus.request(
                address, message.apply(caller(request), request.message()), request.timeLeft()));
  }

  /** A key that is for some sessions only has no automations. */
  static Caller caller(ApiRequest<?> request) {
    Identity who = request.who();
    if (who.onlySessions().isPresent()) {
      throw new ConcertException(
          ErrorCode.FORBIDDEN, "This key is for single sessions and has no automations.");
    }
    return new Caller(
        who.tenantId(), who.userId(), who.permissions().contains(Permission.PROJECTS_MANAGE));
  }

  private Future<AutomationMessages.Automation> create(
      ApiRequest<AutomationMessage.CreateAutomation> request) {
    AutomationMessage.CreateAutomation message = request.message();
    return bus.request(
            AutomationAddresses.CREATE_AUTOMATION,
            new AutomationMessages.CreateAutomation(
                caller(request),
                message.name(),
                AutomationDefinition.trigger(message.trigger()),
                AutomationDefinition.task(message.task()),
                AutomationDefinition.policy(message.policy()),
                message.paused()),
            request.timeLeft())
        .compose(made -> record(request, "automation.created", made.automationId()).map(made));
  }

  private Future<AutomationMessages.Automation> update(
      ApiRequest<AutomationMessage.UpdateAutomation> request) {
    AutomationMessage.UpdateAutomation message = request.message();
    return bus.request(
            AutomationAddresses.UPDATE_AUTOMATION,
            new AutomationMessages.UpdateAutomation(
                caller(request),
                message.automationId(),
                message.name(),
                AutomationDefinition.trigger(message.trigger()),
                AutomationDefinition.task(message.task()),
                AutomationDefinition.policy(message.policy())),
            request.timeLeft())
        .compose(
            changed -> record(request, "automation.updated", changed.automationId()).map(changed));
  }

  private Future<Accepted> delete(ApiRequest<AutomationMessage.DeleteAutomation> request) {
    String id = request.message().automationId();
    return bus.request(
            AutomationAddresses.DELETE_AUTOMATION,
            new AutomationMessages.DeleteAutomation(caller(request), id),
            request.timeLeft())
        .compose(done -> record(request, "automation.deleted", id).map(done));
  }

  private Future<AutomationMessages.Automation> useBlueprint(
      ApiRequest<AutomationMessage.UseBlueprint> request) {
    AutomationMessage.UseBlueprint message = request.message();
    return bus.request(
            AutomationAddresses.USE_BLUEPRINT,
            new AutomationMessages.UseBlueprint(
                caller(request),
                message.blueprint(),
                message.name(),
                AutomationDefinition.values(message.set()),
                AutomationDefinition.trigger(message.trigger()),
                AutomationDefinition.policy(message.policy()),
                message.paused()),
            request.timeLeft())
        .compose(made -> record(request, "automation.created", made.automationId()).map(made));
  }

  private Future<AutomationMessages.RunAccepted> accept(
      ApiRequest<AutomationMessage.AcceptRun> request) {
    AutomationMessage.AcceptRun message = request.message();
    return bus.request(
            AutomationAddresses.ACCEPT_RUN,
            new AutomationMessages.AcceptRun(
                caller(request), message.automationId(), message.runId()),
            request.timeLeft())
        .compose(done -> record(request, "automation.run_accepted", message.runId()).map(done));
  }

  private Future<AutomationWebhook> webhook(
      ApiRequest<AutomationMessage.CreateAutomationWebhook> request) {
    String id = request.message().automationId();
    return bus.request(
            AutomationAddresses.RENEW_WEBHOOK_SECRET,
            new AutomationMessages.RenewWebhookSecret(caller(request), id),
            request.timeLeft())
        .compose(
            made ->
                record(request, "automation.webhook_created", id)
                    .map(new AutomationWebhook(id, "/webhooks/automation/" + id, made.secret())));
  }

  private Future<AutomationMessages.TriggerPreview> preview(
      ApiRequest<AutomationMessage.PreviewAutomation> request) {
    AutomationMessage.PreviewAutomation message = request.message();
    if (message.words() == null) {
      return preview(request, AutomationDefinition.trigger(message.trigger()));
    }
    Caller caller = caller(request);
    if (!request.who().permissions().contains(Permission.THREADS_CREATE)) {
      throw new ConcertException(
          ErrorCode.FORBIDDEN, "Who asks a model needs the permission to create sessions.");
    }
    return words
        .read(caller.tenantId(), message.words(), message.zone())
        .compose(
            proposal ->
                preview(request, proposal.trigger())
                    .map(
                        preview ->
                            new AutomationMessages.TriggerPreview(
                                preview.description(), preview.at(), preview.times(), proposal)));
  }

  private Future<AutomationMessages.TriggerPreview> preview(
      ApiRequest<AutomationMessage.PreviewAutomation> request, AutomationTrigger trigger) {
    return bus.request(
        AutomationAddresses.PREVIEW_TRIGGER,
        new AutomationMessages.PreviewTrigger(trigger, request.message().count()),
        request.timeLeft());
  }

  private Future<AutomationMessages.Slots> runs(ApiRequest<AutomationMessage.ListRuns> request) {
    AutomationMessage.ListRuns message = request.message();
    return bus.request(
        AutomationAddresses.LIST_SLOTS,
        new AutomationMessages.ListSlots(
            caller(request), message.automationId(), message.before(), message.limit()),
        request.timeLeft());
  }

  private Future<AutomationMessages.Explanation> explain(
      ApiRequest<AutomationMessage.ExplainTime> request) {
    return bus.request(
        AutomationAddresses.EXPLAIN_TIME,
        new AutomationMessages.ExplainTime(
            caller(request), request.message().automationId(), millis(request.message().at())),
        request.timeLeft());
  }

  private static long millis(String at) {
    try {
      return at.chars().allMatch(Character::isDigit)
          ? Instant.ofEpochMilli(Long.parseLong(at)).toEpochMilli()
          : OffsetDateTime.parse(at).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE,
          "The message is invalid: 'at' must be a time such as 2026-12-01T09:00+01:00, or Unix"
              + " milliseconds.",
          e);
    }
  }

  private Future<Void> record(ApiRequest<?> request, String action, String id) {
    return audit.record(request.who().tenantId(), request.who().userId(), action, id, Map.of());
  }
}
