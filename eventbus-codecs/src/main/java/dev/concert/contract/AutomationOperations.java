package dev.concert.contract;

import static dev.concert.contract.Field.choice;
import static dev.concert.contract.Field.flag;
import static dev.concert.contract.Field.integer;
import static dev.concert.contract.Field.line;
import static dev.concert.contract.Field.object;
import static dev.concert.contract.Field.string;
import static dev.concert.contract.HttpRoute.Method.DELETE;
import static dev.concert.contract.HttpRoute.Method.GET;
import static dev.concert.contract.HttpRoute.Method.POST;
import static dev.concert.contract.HttpRoute.Method.PUT;
import static dev.concert.protocol.Permission.THREADS_CREATE;
import static dev.concert.protocol.Permission.THREADS_READ;

import dev.concert.automation.AutomationMessages.Automation;
import dev.concert.automation.AutomationMessages.Automations;
import dev.concert.automation.AutomationMessages.Blueprints;
import dev.concert.automation.AutomationMessages.Explanation;
import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.automation.AutomationMessages.InboxItems;
import dev.concert.automation.AutomationMessages.Run;
import dev.concert.automation.AutomationMessages.RunAccepted;
import dev.concert.automation.AutomationMessages.RunBranch;
import dev.concert.automation.AutomationMessages.RunChanges;
import dev.concert.automation.AutomationMessages.Slots;
import dev.concert.automation.AutomationMessages.TriggerPreview;
import dev.concert.automation.InboxMessages.ItemHistory;
import dev.concert.automation.InboxMessages.RuleDecisions;
import dev.concert.automation.InboxMessages.StoredRule;
import dev.concert.automation.InboxMessages.StoredRules;
import dev.concert.bus.Accepted;
import dev.concert.protocol.AutomationMessage;
import dev.concert.protocol.AutomationWebhook;
import dev.concert.protocol.DeliveryChannel;
import dev.concert.protocol.DeliveryChannels;
import dev.concert.protocol.PushDevice;
import dev.concert.protocol.PushDevices;
import java.time.Duration;

/**
 * Rows about automations and the inbox. A member has their own; who manages projects has all of the
 * tenant.
 */
public final class AutomationOperations {
  private static final int ID = 64;
  private static final String ALL = "/api/automations";
  private static final String ONE = ALL + "/{automationId}";
  private static final String BLUEPRINTS = "/api/blueprints";
  private static final String INBOX = "/api/inbox";
  private static final String RULES = "/api/inbox-rules";
  private static final String DELIVERY = INBOX + "/delivery";
  private static final String DEVICES = INBOX + "/push-devices";

  /** A model may have to be asked. */
  private static final Duration PREVIEW = Duration.ofSeconds(75);

  /** The files are copied, and git makes a commit. */
  private static final Duration BRANCH = Duration.ofMinutes(5);

  private static final Field AUTOMATION = string("automationId", ID);
  private static final Field CHANNEL = choice("channel", "webhook", "email", "chat", "push");
  private static final Field TRIGGER = object("trigger", 4 << 10);
  private static final Field TASK = object("task", 256 << 10);
  private static final Field POLICY = object("policy", 16 << 10);

  public static final ApiOperation<AutomationMessage.ListAutomations, Automations>
      LIST_AUTOMATIONS =
          read("list_automations", AutomationMessage.ListAutomations.class, Automations.class)
              .takes(integer("limit", 1, 500).orElse(100), string("cursor", 256).optional())
              .alsoAt(GET, ALL);

  public static final ApiOperation<AutomationMessage.CreateAutomation, Automation>
      CREATE_AUTOMATION =
          change("create_automation", AutomationMessage.CreateAutomation.class, Automation.class)
              .takes(
                  line("name", 200), TRIGGER, TASK, POLICY.optional(), flag("paused").orElse(false))
              .alsoAt(POST, ALL)
              .withStatus(201);

  public static final ApiOperation<AutomationMessage.GetAutomation, Automation> GET_AUTOMATION =
      read("get_automation", AutomationMessage.GetAutomation.class, Automation.class)
          .takes(AUTOMATION)
          .alsoAt(GET, ONE);

  public static final ApiOperation<AutomationMessage.UpdateAutomation, Automation>
      UPDATE_AUTOMATION =
          change("update_automation", AutomationMessage.UpdateAutomation.class, Automation.class)
              .takes(
                  AUTOMATION,
                  line("name", 200).optional(),
                  TRIGGER.optional(),
                  TASK.optional(),
                  POLICY.optional())
              .alsoAt(PUT, ONE);

  public static final ApiOperation<AutomationMessage.DeleteAutomation, Accepted> DELETE_AUTOMATION =
      change("delete_automation", AutomationMessage.DeleteAutomation.class, Accepted.class)
          .takes(AUTOMATION)
          .alsoAt(DELETE, ONE);

  public static final ApiOperation<AutomationMessage.PauseAutomation, Automation> PAUSE_AUTOMATION =
      change("pause_automation", AutomationMessage.PauseAutomation.class, Automation.class)
          .takes(AUTOMATION)
          .alsoAt(PUT, ONE + "/paused");

  public static final ApiOperation<AutomationMessage.ResumeAutomation, Automation>
      RESUME_AUTOMATION =
          change("resume_automation", AutomationMessage.ResumeAutomation.class, Automation.class)
              .takes(AUTOMATION)
              .alsoAt(DELETE, ONE + "/paused");

  public static final ApiOperation<AutomationMessage.RunAutomation, Run> RUN_AUTOMATION =
      change("run_automation", AutomationMessage.RunAutomation.class, Run.class)
          .takes(AUTOMATION, object("payload", 64 << 10).optional())
          .alsoAt(POST, ONE + "/runs")
          .withStatus(202);

  public static final ApiOperation<AutomationMessage.CreateAutomationWebhook, AutomationWebhook>
      CREATE_AUTOMATION_WEBHOOK =
          change(
                  "create_automation_webhook",
                  AutomationMessage.CreateAutomationWebhook.class,
                  AutomationWebhook.class)
              .takes(AUTOMATION)
              .alsoAt(POST, ONE + "/webhook")
              .withStatus(201);

  public static final ApiOperation<AutomationMessage.PreviewAutomation, TriggerPreview>
      PREVIEW_AUTOMATION =
          read(
                  "preview_automation",
                  AutomationMessage.PreviewAutomation.class,
                  TriggerPreview.class)
              .takes(
                  TRIGGER.optional(),
                  string("words", 2000).optional(),
                  string("zone", 64).optional(),
                  integer("count", 1, 100).orElse(5))
              .where(AutomationMessage.PreviewAutomation::fault)
              .within(PREVIEW)
              .alsoAt(POST, ALL + "/preview");

  public static final ApiOperation<AutomationMessage.ListRuns, Slots> LIST_RUNS =
      read("list_runs", AutomationMessage.ListRuns.class, Slots.class)
          .takes(
              AUTOMATION,
              integer("before", 0, Long.MAX_VALUE).optional(),
              integer("limit", 1, 500).orElse(50))
          .alsoAt(GET, ONE + "/runs");

  public static final ApiOperation<AutomationMessage.ListBlueprints, Blueprints> LIST_BLUEPRINTS =
      read("list_blueprints", AutomationMessage.ListBlueprints.class, Blueprints.class)
          .alsoAt(GET, BLUEPRINTS);

  public static final ApiOperation<AutomationMessage.UseBlueprint, Automation> USE_BLUEPRINT =
      change("use_blueprint", AutomationMessage.UseBlueprint.class, Automation.class)
          .takes(
              string("blueprint", ID),
              line("name", 200).optional(),
              object("set", 64 << 10).optional(),
              TRIGGER.optional(),
              POLICY.optional(),
              flag("paused").orElse(false))
          .alsoAt(POST, BLUEPRINTS + "/{blueprint}/automations")
          .withStatus(201);

  public static final ApiOperation<AutomationMessage.ListRunChanges, RunChanges> LIST_RUN_CHANGES =
      read("list_run_changes", AutomationMessage.ListRunChanges.class, RunChanges.class)
          .takes(AUTOMATION, string("runId", ID))
          .alsoAt(GET, ONE + "/runs/{runId}/changes");

  public static final ApiOperation<AutomationMessage.AcceptRun, RunAccepted> ACCEPT_RUN =
      change("accept_run", AutomationMessage.AcceptRun.class, RunAccepted.class)
          .takes(AUTOMATION, string("runId", ID))
          .alsoAt(POST, ONE + "/runs/{runId}/accept");

  public static final ApiOperation<AutomationMessage.FetchRunBranch, RunBranch> FETCH_RUN_BRANCH =
      change("fetch_run_branch", AutomationMessage.FetchRunBranch.class, RunBranch.class)
          .takes(AUTOMATION, string("runId", ID))
          .within(BRANCH)
          .alsoAt(POST, ONE + "/runs/{runId}/branch");

  public static final ApiOperation<AutomationMessage.ExplainTime, Explanation> EXPLAIN_TIME =
      read("explain_automation", AutomationMessage.ExplainTime.class, Explanation.class)
          .takes(AUTOMATION, string("at", 64).acceptsNumber())
          .alsoAt(GET, ONE + "/why");

  public static final ApiOperation<AutomationMessage.ListInbox, InboxItems> LIST_INBOX =
      read("list_inbox", AutomationMessage.ListInbox.class, InboxItems.class)
          .takes(
              choice("state", "open", "new", "seen", "snoozed", "done", "all").orElse("open"),
              integer("limit", 1, 500).orElse(100))
          .alsoAt(GET, INBOX);

  public static final ApiOperation<AutomationMessage.UpdateInbox, InboxItem> UPDATE_INBOX =
      read("update_inbox", AutomationMessage.UpdateInbox.class, InboxItem.class)
          .takes(
              string("itemId", ID),
              choice("state", "new", "seen", "snoozed", "done"),
              integer("until", 0, Long.MAX_VALUE).optional())
          .alsoAt(PUT, INBOX + "/{itemId}");

  public static final ApiOperation<AutomationMessage.ReplyInbox, InboxItem> REPLY_INBOX =
      change("reply_inbox", AutomationMessage.ReplyInbox.class, InboxItem.class)
          .takes(string("itemId", ID), string("text", 100_000))
          .alsoAt(POST, INBOX + "/{itemId}/replies");

  public static final ApiOperation<AutomationMessage.ListInboxHistory, ItemHistory>
      LIST_INBOX_HISTORY =
          read("list_inbox_history", AutomationMessage.ListInboxHistory.class, ItemHistory.class)
              .takes(string("itemId", ID))
              .alsoAt(GET, INBOX + "/{itemId}/history");

  public static final ApiOperation<AutomationMessage.UndoInbox, InboxItem> UNDO_INBOX =
      read("undo_inbox", AutomationMessage.UndoInbox.class, InboxItem.class)
          .takes(string("itemId", ID))
          .alsoAt(POST, INBOX + "/{itemId}/undo");

  public static final ApiOperation<AutomationMessage.ListInboxRules, StoredRules> LIST_INBOX_RULES =
      read("list_inbox_rules", AutomationMessage.ListInboxRules.class, StoredRules.class)
          .alsoAt(GET, RULES);

  public static final ApiOperation<AutomationMessage.CreateInboxRule, StoredRule>
      CREATE_INBOX_RULE =
          change("create_inbox_rule", AutomationMessage.CreateInboxRule.class, StoredRule.class)
              .takes(
                  line("name", 200), object("when", 16 << 10).optional(), object("then", 4 << 10))
              .alsoAt(POST, RULES)
              .withStatus(201);

  public static final ApiOperation<AutomationMessage.UpdateInboxRule, StoredRule>
      UPDATE_INBOX_RULE =
          change("update_inbox_rule", AutomationMessage.UpdateInboxRule.class, StoredRule.class)
              .takes(
                  string("ruleId", ID),
                  line("name", 200).optional(),
                  object("when", 16 << 10).optional(),
                  object("then", 4 << 10).optional(),
                  flag("isOn").optional())
              .alsoAt(PUT, RULES + "/{ruleId}");

  public static final ApiOperation<AutomationMessage.ListRuleDecisions, RuleDecisions>
      LIST_RULE_DECISIONS =
          read(
                  "list_rule_decisions",
                  AutomationMessage.ListRuleDecisions.class,
                  RuleDecisions.class)
              .takes(string("ruleId", ID))
              .alsoAt(GET, RULES + "/{ruleId}/decisions");

  public static final ApiOperation<AutomationMessage.DeleteInboxRule, Accepted> DELETE_INBOX_RULE =
      change("delete_inbox_rule", AutomationMessage.DeleteInboxRule.class, Accepted.class)
          .takes(string("ruleId", ID))
          .alsoAt(DELETE, RULES + "/{ruleId}");

  public static final ApiOperation<AutomationMessage.GetInboxDelivery, DeliveryChannels>
      GET_INBOX_DELIVERY =
          read(
                  "get_inbox_delivery",
                  AutomationMessage.GetInboxDelivery.class,
                  DeliveryChannels.class)
              .alsoAt(GET, DELIVERY);

  public static final ApiOperation<AutomationMessage.UpdateInboxDelivery, DeliveryChannel>
      UPDATE_INBOX_DELIVERY =
          change(
                  "update_inbox_delivery",
                  AutomationMessage.UpdateInboxDelivery.class,
                  DeliveryChannel.class)
              .takes(
                  CHANNEL,
                  choice("from", "off", "info", "warning", "error"),
                  string("url", 2048).optional(),
                  flag("newSecret").orElse(false))
              .alsoAt(PUT, DELIVERY + "/{channel}");

  public static final ApiOperation<AutomationMessage.TestInboxDelivery, DeliveryChannel>
      TEST_INBOX_DELIVERY =
          change(
                  "test_inbox_delivery",
                  AutomationMessage.TestInboxDelivery.class,
                  DeliveryChannel.class)
              .takes(CHANNEL)
              .alsoAt(POST, DELIVERY + "/{channel}/test")
              .withStatus(202);

  public static final ApiOperation<AutomationMessage.ListPushDevices, PushDevices>
      LIST_PUSH_DEVICES =
          read("list_push_devices", AutomationMessage.ListPushDevices.class, PushDevices.class)
              .alsoAt(GET, DEVICES);

  public static final ApiOperation<AutomationMessage.AddPushDevice, PushDevice> ADD_PUSH_DEVICE =
      change("add_push_device", AutomationMessage.AddPushDevice.class, PushDevice.class)
          .takes(
              string("endpoint", 2048),
              string("p256dh", 128),
              string("auth", 64),
              line("name", 100).optional())
          .alsoAt(POST, DEVICES)
          .withStatus(201);

  public static final ApiOperation<AutomationMessage.RemovePushDevice, Accepted>
      REMOVE_PUSH_DEVICE =
          change("remove_push_device", AutomationMessage.RemovePushDevice.class, Accepted.class)
              .takes(string("deviceId", ID))
              .alsoAt(DELETE, DEVICES + "/{deviceId}");

  private AutomationOperations() {}

  /** For those who may read sessions. */
  private static <Q extends AutomationMessage, R extends Record> ApiOperation<Q, R> read(
      String name, Class<Q> request, Class<R> reply) {
    return ApiOperation.<Q, R>message(name, request, reply).since(2).needs(THREADS_READ);
  }

  /** For those who may create sessions. */
  private static <Q extends AutomationMessage, R extends Record> ApiOperation<Q, R> change(
      String name, Class<Q> request, Class<R> reply) {
    return ApiOperation.<Q, R>message(name, request, reply).since(2).needs(THREADS_CREATE);
  }
}
