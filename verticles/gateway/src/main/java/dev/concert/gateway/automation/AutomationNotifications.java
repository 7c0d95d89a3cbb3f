package dev.concert.gateway.automation;

import dev.concert.automation.AutomationMessages.AutomationNews;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.ConcertBus;
import dev.concert.gateway.connection.ConnectedClients;
import dev.concert.protocol.AutomationEvent;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.protocol.ServerEvent;
import java.util.Optional;

/**
 * Shows the open connections of a tenant what changes in its automations: to each member their own,
 * to who manages projects those of all. What is in an inbox only its owner sees.
 */
public record AutomationNotifications(ConnectedClients clients) {

  /** Shows what comes from now on. */
  public void listen(ConcertBus bus) {
    bus.listen(
        AutomationAddresses.NEWS,
        news -> event(news).ifPresent(event -> clients.send(who -> maySee(who, news), event)));
  }

  private static boolean maySee(Identity who, AutomationNews news) {
    boolean isOwner = who.userId().equals(news.owner());
    return who.tenantId().equals(news.tenantId())
        && who.onlySessions().isEmpty()
        && who.permissions().contains(Permission.THREADS_READ)
        && (isOwner
            || news.item() == null && who.permissions().contains(Permission.PROJECTS_MANAGE));
  }

  /** Empty for what a newer engine tells. */
  private static Optional<ServerEvent> event(AutomationNews news) {
    return Optional.ofNullable(
        switch (news.type()) {
          case "automation.created" -> new AutomationEvent.AutomationCreated(news.automation());
          case "automation.updated" -> new AutomationEvent.AutomationUpdated(news.automation());
          case "automation.deleted" -> new AutomationEvent.AutomationDeleted(news.automationId());
          case "automation.disabled" -> new AutomationEvent.AutomationDisabled(news.automation());
          case "automation.run_queued" -> new AutomationEvent.RunQueued(news.run());
          case "automation.run_started" -> new AutomationEvent.RunStarted(news.run());
          case "automation.run_waiting" -> new AutomationEvent.RunWaiting(news.run());
          case "automation.run_completed" -> new AutomationEvent.RunCompleted(news.run());
          case "automation.run_failed" -> new AutomationEvent.RunFailed(news.run());
          case "automation.run_skipped" ->
              new AutomationEvent.RunSkipped(
                  news.automationId(), news.slot().scheduledAt(), news.slot().reason());
          case "inbox.item_created" -> new AutomationEvent.ItemCreated(news.item());
          case "inbox.item_updated" -> new AutomationEvent.ItemUpdated(news.item());
          default -> null;
        });
  }
}
