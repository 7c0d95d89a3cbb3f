package dev.concert.automations.engine;

import dev.concert.automation.AutomationMessages.Automation;
import dev.concert.automation.AutomationMessages.AutomationNews;
import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.automation.AutomationMessages.Run;
import dev.concert.automation.AutomationMessages.Slot;
import dev.concert.automations.delivery.TenantDelivery;
import dev.concert.automations.store.NewsStore.NewsRow;
import dev.concert.automations.store.TenantStores;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.ConcertBus;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells the gateways what has changed in a tenant, in the order in which it was stored, and has the
 * automations begin that wait for such a change.
 */
public final class NewsFeed {
  /** A tenant with thousands of changes tells them over several looks. */
  private static final int BATCH = 200;

  private final String tenantId;
  private final TenantStores stores;
  private final ConcertBus bus;
  private final TenantDelivery delivery;
  private final InstantSource clock;

  /**
   * @param delivery of what came into inboxes
   */
  public NewsFeed(
      String tenantId,
      TenantStores stores,
      ConcertBus bus,
      TenantDelivery delivery,
      InstantSource clock) {
    this.tenantId = tenantId;
    this.stores = stores;
    this.bus = bus;
    this.delivery = delivery;
    this.clock = clock;
  }

  /**
   * Tells what is new.
   *
   * @return whether there was anything
   */
  Future<Boolean> tell() {
    return delivery
        .look()
        .compose(_ -> stores.news().next(BATCH))
        .compose(rows -> rows.isEmpty() ? Future.succeededFuture(false) : tell(rows).map(true));
  }

  private Future<Void> tell(List<NewsRow> rows) {
    List<AutomationNews> news = new ArrayList<>();
    Future<Void> all = Future.succeededFuture();
    for (NewsRow row : rows) {
      all =
          all.compose(_ -> news(row))
              .map(
                  found -> {
                    found.ifPresent(news::add);
                    return null;
                  });
    }
    return all.compose(_ -> stores.events().settle(rows, clock.instant()))
        .onSuccess(_ -> news.forEach(one -> bus.publish(AutomationAddresses.NEWS, one)));
  }

  /** Empty where what it is about is gone. */
  private Future<Optional<AutomationNews>> news(NewsRow row) {
    return switch (row.type()) {
      case "automation.deleted" ->
          Future.succeededFuture(Optional.of(of(row, null, null, null, null)));
      case "automation.created", "automation.updated", "automation.disabled" ->
          stores
              .automations()
              .find(row.subject())
              .map(found -> found.map(one -> of(row, AutomationViews.of(one), null, null, null)));
      case "automation.run_skipped" ->
          stores
              .slots()
              .at(row.automationId(), Instant.ofEpochMilli(Long.parseLong(row.subject())))
              .map(
                  found ->
                      found.map(
                          slot ->
                              of(
                                  row,
                                  null,
                                  null,
                                  AutomationViews.of(slot, Optional.empty()),
                                  null)));
      case "inbox.item_created", "inbox.item_updated" ->
          stores
              .inbox()
              .find(row.owner(), row.subject())
              .map(found -> found.map(item -> of(row, null, null, null, item)));
      default ->
          stores
              .runs()
              .find(row.subject())
              .map(found -> found.map(run -> of(row, null, AutomationViews.of(run), null, null)));
    };
  }

  private AutomationNews of(
      NewsRow row, Automation automation, Run run, Slot slot, InboxItem item) {
    return new AutomationNews(
        tenantId, row.type(), row.owner(), row.automationId(), automation, run, slot, item);
  }
}
