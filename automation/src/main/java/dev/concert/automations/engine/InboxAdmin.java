package dev.concert.automations.engine;

import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.automation.AutomationMessages.InboxItems;
import dev.concert.automation.AutomationMessages.ListInbox;
import dev.concert.automation.AutomationMessages.ReplyToInboxItem;
import dev.concert.automation.AutomationMessages.UpdateInboxItem;
import dev.concert.automations.store.InboxItemStore;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.client.GatewayClient;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Lists and sorts what runs left for people. Everybody has their own inbox: what a run says may
 * come from a private session. Non-blocking.
 */
public final class InboxAdmin {
  private final InboxItemStore items;
  private final GatewayClient gateway;
  private final InstantSource clock;

  public InboxAdmin(InboxItemStore items, GatewayClient gateway, InstantSource clock) {
    this.items = items;
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
        .compose(_ -> set(wanted.itemId(), wanted.state(), wanted.until()))
        .compose(_ -> item(wanted.caller(), wanted.itemId()));
  }

  private Future<Void> set(String id, String state, Long until) {
    return items.setState(
        id, state, Optional.ofNullable(until).map(Instant::ofEpochMilli), clock.instant());
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
        .compose(_ -> set(wanted.itemId(), "done", null))
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
