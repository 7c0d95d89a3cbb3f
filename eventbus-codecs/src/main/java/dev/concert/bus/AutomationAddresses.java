package dev.concert.bus;

import static dev.concert.bus.Address.Delivery.ONCE;
import static dev.concert.bus.Address.Delivery.REPEATABLE;

import dev.concert.automation.AutomationMessages.AcceptRun;
import dev.concert.automation.AutomationMessages.Automation;
import dev.concert.automation.AutomationMessages.AutomationNews;
import dev.concert.automation.AutomationMessages.Automations;
import dev.concert.automation.AutomationMessages.Blueprints;
import dev.concert.automation.AutomationMessages.CreateAutomation;
import dev.concert.automation.AutomationMessages.DeleteAutomation;
import dev.concert.automation.AutomationMessages.ExplainTime;
import dev.concert.automation.AutomationMessages.Explanation;
import dev.concert.automation.AutomationMessages.FetchRunBranch;
import dev.concert.automation.AutomationMessages.ForgetAutomations;
import dev.concert.automation.AutomationMessages.GetAutomation;
import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.automation.AutomationMessages.InboxItems;
import dev.concert.automation.AutomationMessages.ListAutomations;
import dev.concert.automation.AutomationMessages.ListBlueprints;
import dev.concert.automation.AutomationMessages.ListInbox;
import dev.concert.automation.AutomationMessages.ListRunChanges;
import dev.concert.automation.AutomationMessages.ListSlots;
import dev.concert.automation.AutomationMessages.OwnerLost;
import dev.concert.automation.AutomationMessages.PauseAutomation;
import dev.concert.automation.AutomationMessages.PreviewTrigger;
import dev.concert.automation.AutomationMessages.RenewWebhookSecret;
import dev.concert.automation.AutomationMessages.RenewedSecret;
import dev.concert.automation.AutomationMessages.ReplyToInboxItem;
import dev.concert.automation.AutomationMessages.ResumeAutomation;
import dev.concert.automation.AutomationMessages.Run;
import dev.concert.automation.AutomationMessages.RunAccepted;
import dev.concert.automation.AutomationMessages.RunAutomation;
import dev.concert.automation.AutomationMessages.RunBranch;
import dev.concert.automation.AutomationMessages.RunChanges;
import dev.concert.automation.AutomationMessages.Slots;
import dev.concert.automation.AutomationMessages.TriggerPreview;
import dev.concert.automation.AutomationMessages.UpdateAutomation;
import dev.concert.automation.AutomationMessages.UpdateInboxItem;
import dev.concert.automation.AutomationMessages.UseBlueprint;
import dev.concert.automation.EventMessages.ChatEvent;
import dev.concert.automation.EventMessages.EventTaken;
import dev.concert.automation.EventMessages.RepositoryActivity;
import dev.concert.automation.EventMessages.RuleWork;
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
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.WebhookReply;

/** The addresses of the automation engine. */
public final class AutomationAddresses {
  public static final Address<CreateAutomation, Automation> CREATE_AUTOMATION =
      any("create", CreateAutomation.class, Automation.class, ONCE);
  public static final Address<UpdateAutomation, Automation> UPDATE_AUTOMATION =
      any("update", UpdateAutomation.class, Automation.class, REPEATABLE);
  public static final Address<ListAutomations, Automations> LIST_AUTOMATIONS =
      any("list", ListAutomations.class, Automations.class, REPEATABLE);
  public static final Address<GetAutomation, Automation> GET_AUTOMATION =
      any("get", GetAutomation.class, Automation.class, REPEATABLE);
  public static final Address<DeleteAutomation, Accepted> DELETE_AUTOMATION =
      any("delete", DeleteAutomation.class, Accepted.class, REPEATABLE);
  public static final Address<PauseAutomation, Automation> PAUSE_AUTOMATION =
      any("pause", PauseAutomation.class, Automation.class, REPEATABLE);
  public static final Address<ResumeAutomation, Automation> RESUME_AUTOMATION =
      any("resume", ResumeAutomation.class, Automation.class, REPEATABLE);
  public static final Address<RunAutomation, Run> RUN_AUTOMATION =
      any("run", RunAutomation.class, Run.class, ONCE);
  public static final Address<RenewWebhookSecret, RenewedSecret> RENEW_WEBHOOK_SECRET =
      any("webhook.renew", RenewWebhookSecret.class, RenewedSecret.class, REPEATABLE);
  public static final Address<DeliverWebhook, WebhookReply> DELIVER_EVENT =
      any("webhook.deliver", DeliverWebhook.class, WebhookReply.class, REPEATABLE);
  public static final Address<ChatEvent, EventTaken> TAKE_CHAT_EVENT =
      any("event.chat", ChatEvent.class, EventTaken.class, REPEATABLE);
  public static final Address<RepositoryActivity, EventTaken> TAKE_REPOSITORY_EVENT =
      any("event.repository", RepositoryActivity.class, EventTaken.class, REPEATABLE);
  public static final Address<RuleWork, EventTaken> TAKE_RULE_WORK =
      any("event.rule", RuleWork.class, EventTaken.class, REPEATABLE);
  public static final Address<PreviewTrigger, TriggerPreview> PREVIEW_TRIGGER =
      any("preview", PreviewTrigger.class, TriggerPreview.class, REPEATABLE);
  public static final Address<ListSlots, Slots> LIST_SLOTS =
      any("slots", ListSlots.class, Slots.class, REPEATABLE);
  public static final Address<ExplainTime, Explanation> EXPLAIN_TIME =
      any("explain", ExplainTime.class, Explanation.class, REPEATABLE);
  public static final Address<ListInbox, InboxItems> LIST_INBOX =
      any("inbox.list", ListInbox.class, InboxItems.class, REPEATABLE);
  public static final Address<UpdateInboxItem, InboxItem> UPDATE_INBOX_ITEM =
      any("inbox.update", UpdateInboxItem.class, InboxItem.class, REPEATABLE);
  public static final Address<ReplyToInboxItem, InboxItem> REPLY_TO_INBOX_ITEM =
      any("inbox.reply", ReplyToInboxItem.class, InboxItem.class, ONCE);
  public static final Address<ListItemHistory, ItemHistory> LIST_ITEM_HISTORY =
      any("inbox.history", ListItemHistory.class, ItemHistory.class, REPEATABLE);
  public static final Address<UndoItemChange, InboxItem> UNDO_ITEM_CHANGE =
      any("inbox.undo", UndoItemChange.class, InboxItem.class, ONCE);
  public static final Address<ListRules, StoredRules> LIST_INBOX_RULES =
      any("inbox.rule.list", ListRules.class, StoredRules.class, REPEATABLE);
  public static final Address<CreateRule, StoredRule> CREATE_INBOX_RULE =
      any("inbox.rule.create", CreateRule.class, StoredRule.class, ONCE);
  public static final Address<UpdateRule, StoredRule> UPDATE_INBOX_RULE =
      any("inbox.rule.update", UpdateRule.class, StoredRule.class, ONCE);
  public static final Address<ListRuleDecisions, RuleDecisions> LIST_RULE_DECISIONS =
      any("inbox.rule.decisions", ListRuleDecisions.class, RuleDecisions.class, REPEATABLE);
  public static final Address<DeleteRule, Accepted> DELETE_INBOX_RULE =
      any("inbox.rule.delete", DeleteRule.class, Accepted.class, ONCE);
  public static final Address<ListBlueprints, Blueprints> LIST_BLUEPRINTS =
      any("blueprint.list", ListBlueprints.class, Blueprints.class, REPEATABLE);
  public static final Address<UseBlueprint, Automation> USE_BLUEPRINT =
      any("blueprint.use", UseBlueprint.class, Automation.class, ONCE);
  public static final Address<ListRunChanges, RunChanges> LIST_RUN_CHANGES =
      any("run.changes", ListRunChanges.class, RunChanges.class, REPEATABLE);
  public static final Address<AcceptRun, RunAccepted> ACCEPT_RUN =
      any("run.accept", AcceptRun.class, RunAccepted.class, ONCE);
  public static final Address<FetchRunBranch, RunBranch> FETCH_RUN_BRANCH =
      any("run.branch", FetchRunBranch.class, RunBranch.class, ONCE);
  public static final Address<OwnerLost, Accepted> OWNER_LOST =
      any("owner.lost", OwnerLost.class, Accepted.class, REPEATABLE);
  public static final Address<ForgetAutomations, Accepted> FORGET_AUTOMATIONS =
      any("tenant.forget", ForgetAutomations.class, Accepted.class, REPEATABLE);

  /** What clients are told. */
  public static final Topic<AutomationNews> NEWS =
      new Topic<>("automations.news", AutomationNews.class, Topic.Scope.CLUSTER);

  private AutomationAddresses() {}

  private static <Q extends Record, R extends Record> Address<Q, R> any(
      String operation, Class<Q> request, Class<R> reply, Address.Delivery delivery) {
    return Addresses.any(Service.AUTOMATIONS, operation, request, reply, delivery);
  }
}
