package dev.concert.automations.store;

import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.foundation.outbox.DurableOutbox;
import java.util.List;

/** The tables of one tenant. */
public record TenantStores(
    AutomationStore automations,
    SlotStore slots,
    RunStore runs,
    InboxItemStore inbox,
    RunOutcomes outcomes,
    NewsStore news,
    EventStore events,
    FileWatchStore files,
    InboxRuleStore rules,
    ItemChangeStore changes,
    RuleWorkStore ruleWork,
    AutomationRemoval removal) {
  /** The schema of a tenant's database, in the order of its versions. */
  public static final List<String> MIGRATIONS =
      List.of(
          FencedDatabase.SCHEMA,
          AutomationStore.SCHEMA,
          SlotStore.SCHEMA,
          RunStore.SCHEMA,
          InboxItemStore.SCHEMA,
          RunStore.VERDICTS,
          NewsStore.SCHEMA,
          EventStore.SCHEMA,
          FileWatchStore.SCHEMA,
          EventStore.SUBJECTS,
          InboxRuleStore.SCHEMA,
          ItemChangeStore.SCHEMA,
          DurableOutbox.SCHEMA,
          DeliveryStore.SCHEMA,
          PushDeviceStore.SCHEMA,
          DeliveryStore.LANES,
          RunStore.PULLS,
          RuleWorkStore.SCHEMA,
          InboxRuleStore.SWITCH,
          ItemChangeStore.RULES);

  /**
   * @param database with {@link #MIGRATIONS}
   */
  public static TenantStores of(FencedDatabase database) {
    AutomationStore automations = new AutomationStore(database);
    RunStore runs = new RunStore(database);
    SlotStore slots = new SlotStore(database, automations, runs);
    NewsStore news = new NewsStore(database);
    EventStore events = new EventStore(database, automations, news);
    InboxRuleStore rules = new InboxRuleStore(database);
    ItemChangeStore changes = new ItemChangeStore(database);
    ItemTriage triage = new ItemTriage(rules, changes, events);
    InboxItemStore inbox = new InboxItemStore(database, triage);
    return new TenantStores(
        automations,
        slots,
        runs,
        inbox,
        new RunOutcomes(database, automations, slots, runs, inbox, triage),
        news,
        events,
        new FileWatchStore(database, events),
        rules,
        changes,
        new RuleWorkStore(database, automations),
        new AutomationRemoval(database, changes));
  }
}
